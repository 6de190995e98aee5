"""The basic MNIST example of PyTorch: two 3×3 convolutions, max pooling, dropout, two dense layers, Adadelta."""

NAME = "PyTorch's basic MNIST example"
SOURCE = "pytorch/examples, mnist/main.py"
PACKAGES = ["torch"]
PARAMETERS, EPOCHS = 1_199_882, 14
BATCH, RATE, DECAY = 64, 1.0, 0.7
MEAN, DEVIATION = 0.1307, 0.3081  # of MNIST's training pixels, as the example states them


def epochs(pixels, labels, seed):
    import torch
    from torch import nn

    torch.manual_seed(seed)
    network = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25)),
        *(nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)),
    )
    optimizer = torch.optim.Adadelta(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=DECAY)

    def scaled(pixels):
        return ((torch.from_numpy(pixels).float() / 255 - MEAN) / DEVIATION).unsqueeze(1)

    images, targets = scaled(pixels), torch.from_numpy(labels).long()

    def answers(pixels):
        network.eval()
        with torch.no_grad():
            return torch.cat([network(part).argmax(1) for part in scaled(pixels).split(1000)]).numpy()

    for _ in range(EPOCHS):
        network.train()
        for batch in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images[batch]), targets[batch]).backward()
            optimizer.step()
        schedule.step()
        yield answers
