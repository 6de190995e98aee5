"""tools/compare_tables.py: its tables and networks, and that its record is whole and says what lesson 14 says."""

import compare_tables as tool
import keras
import numpy as np
import pytest
from scipy import stats

import lenet_keras as lk


def test_tables_have_their_links():
    for seed in tool.SEEDS:
        assert sum(map(len, tool.table_of("random", seed))) == 60 == sum(map(len, tool.table_of("Table I", seed)))
        assert all(len(set(maps)) == len(maps) > 0 for maps in tool.random_table(seed))
        assert tool.random_table(seed) == tool.random_table(seed) != tool.random_table(seed + 1)
    assert tool.table_of("all links", 0) == [list(range(6))] * 16


@pytest.mark.parametrize("output, parameters", [("distances", 60_000), ("logits", 60_850)])
def test_the_networks_are_the_articles_as_far_as_f6(output, parameters):
    model, loss = tool.network(keras, output, tool.table_of("Table I", 0))
    assert sum(int(np.prod(each.shape)) for each in model.trainable_variables) == parameters
    assert np.isfinite(float(loss(np.array([3]), model(np.zeros((1, 32, 32, 1), "float32")))))


def test_maps_that_are_one_map_are_wholly_alike():
    model, _ = tool.network(keras, "logits", [[0]] * 16)
    kernel, bias = model.get_layer("C3").get_weights()
    model.get_layer("C3").set_weights([np.repeat(kernel[:1], 16, axis=0), bias])
    images = np.random.default_rng(0).normal(size=(3, 32, 32, 1)).astype("float32")
    assert tool.likeness(keras, model, images) == 1


def test_every_table_was_tried_with_every_seed_and_output():
    record = lk.load_record("tables")
    assert record["settings"] == tool.SETTINGS
    wanted = [(output, name, seed) for output in tool.OUTPUTS for name in tool.TABLES for seed in tool.SEEDS]
    assert [(run["output"], run["table"], run["seed"]) for run in record["results"]] == wanted
    for run in record["results"]:
        assert run["links"] == (96 if run["table"] == "all links" else 60)
        assert 0 < run["errors"] < tool.SETTINGS["judged_digits"] and 0 < run["likeness"] < 1
        assert len(run["S2_coefficients"]) == 6 and len(run["S4_coefficients"]) == 16


def test_the_record_says_what_lesson_14_says():
    runs = lk.load_record("tables")["results"]

    def errors(output, name):
        return np.array([run["errors"] for run in runs if (run["output"], run["table"]) == (output, name)])

    def unclear(differences):
        return stats.ttest_1samp(differences, 0).pvalue > 0.05

    for name in ("all links", "random", "another start"):
        assert unclear(errors("logits", name) - errors("logits", "Table I"))
    for name in ("random", "another start"):
        assert unclear(errors("distances", name) - errors("distances", "Table I"))
    fewer = errors("distances", "all links") - errors("distances", "Table I")
    assert (fewer < 0).all() and not unclear(fewer)
    both = (errors("distances", "Table I") + errors("distances", "another start")) / 2
    assert unclear(errors("distances", "all links") - both)
    coefficients = [each for run in runs for each in run["S2_coefficients"] + run["S4_coefficients"]]
    assert 0.15 < min(coefficients) and max(coefficients) < 0.6
    for key in ("fresh_likeness", "likeness"):
        ranges = {}
        for name in ("Table I", "all links", "random"):
            values = [run[key] for run in runs if (run["output"], run["table"]) == ("logits", name)]
            ranges[name] = min(values), max(values)
        assert max(low for low, _ in ranges.values()) < min(high for _, high in ranges.values())
