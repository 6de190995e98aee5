"""How notebooks are tested: strictly where MNIST is at hand, without comparing outputs where it is not."""

import os
import pathlib

import pytest

from lenet_keras import data


def pytest_configure(config):
    try:
        found, _ = data.find()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    config.course_digits = found.name
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = pathlib.Path(__file__).with_name("pages.cfg")
    # What a run of tests does is not a student's progress.
    os.environ["LENET_PROGRESS"] = "off"
    if config.course_digits != "mnist":
        # The stored outputs are MNIST's. Said in the environment, so that every notebook decides alike.
        os.environ["LENET_DATA"] = "bundled"
        config.option.nbval, config.option.nbval_lax = False, True


def pytest_report_header(config):
    if config.course_digits == "mnist":
        return "notebooks: on MNIST; every stored output is compared strictly"
    return (
        "notebooks: WITHOUT MNIST, on scikit-learn's bundled digits; "
        "cells are run and their assertions checked, outputs are not compared"
    )
