"""What people would use instead of the course's network, each written from its published description, a file each.

Every file names its recipe (NAME, SOURCE, PARAMETERS, EPOCHS) and trains it:

    epochs(pixels, labels, seed)   a generator; pixels uint8 (n, 28, 28), labels int (n,). After each epoch it yields a
                                   function from pixels to answers int (n,), the classes found.

`PACKAGES` are those a file needs beyond the course's own; tools/benchmark.py skips it, and says so, where one lacks.
"""
