"""The apparatus of the course: exercises, progress, figures, broken networks, the check of the machine."""
