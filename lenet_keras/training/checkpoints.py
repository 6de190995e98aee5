# ---------------------------------------------------------------------------------------------------- checkpoints

UNFINISHED = ".part.weights.h5"


def _writable(path, model, settings):
    """The path, and the form of its contents, after writing once beside it, so that no epoch is learned in vain."""
    path = pathlib.Path(path)
    if not path.name.endswith(".weights.h5") or os.path.isdir(path) or not os.path.isdir(path.parent):
        raise ValueError(f"checkpoint must name a file, ending in .weights.h5, in a folder that exists, not {path}.")
    with _beside(path) as trial:
        _write(trial, model, settings, {})
        # What a killed run left behind. A file that another run may be writing at this moment is younger.
        for left in path.parent.glob(glob.escape(path.name) + ".*" + UNFINISHED):
            with contextlib.suppress(OSError):
                if trial.stat().st_mtime - left.stat().st_mtime > 3600:
                    left.unlink()
        with h5py.File(trial) as file:
            return path, (_form(file), 2 * trial.stat().st_size + 2**24)


@contextlib.contextmanager
def _beside(path, what="written"):
    """A path to write to before a file is moved to its own; what goes wrong is told in a sentence, nothing is left."""
    # A name of its own: two runs that share a checkpoint by mistake never write into one file.
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        yield unfinished
    except (OSError, RuntimeError) as error:  # HDF5 has errors of its own for a full disk
        reason = os.strerror(error.errno) if getattr(error, "errno", None) else error
        raise ValueError(f"The checkpoint {path.name} cannot be {what}: {reason}.") from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _settings(model, digits, recipe, seed, fresh):
    """What a run and its resumption must have in common, as JSON gives it back."""
    settings = {
        "recipe": dataclasses.asdict(recipe),
        "seed": int(seed),
        "fresh": fresh is not None,
        "digits": [digits.name, _checksum(digits.y_train), _checksum(digits.x_train)],
        "weights": [list(weight.shape) for weight in model.weights],
        "layers": [_kind(layer) for layer in model.layers],
    }
    return json.loads(json.dumps(settings))


def _checksum(array, start=0):
    return zlib.crc32(np.ascontiguousarray(array), start)


def _kind(layer):
    activation = getattr(layer, "activation", None)
    return [type(layer).__name__, getattr(activation, "__name__", type(activation).__name__)]


def _arrays(file):
    """The arrays of an open HDF5 file by name, the text "run" left out."""
    names = []
    file.visit(names.append)
    return {name: file[name] for name in sorted(names) if isinstance(file[name], h5py.Dataset) and name != "run"}


def _form(file):
    """What can be known of a checkpoint without reading it: shape, kind and packing of each array."""
    return {
        name: (each.shape, each.dtype, each.chunks, each.external, each.is_virtual)
        for name, each in _arrays(file).items()
    }


def _content(file):
    """A checksum of all arrays and their names."""
    total = 0
    for name, array in _arrays(file).items():
        total = _checksum(array[()], zlib.crc32(name.encode(), total))
    return total


def _write(path, model, settings, history):
    """Keras's own file of a compiled model's weights, the optimiser's state included; the text "run" is added."""
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        file["run"] = json.dumps({"settings": settings, "history": history, "content": _content(file)})


def _save(path, model, settings, history):
    """Write the checkpoint beside its place, then move it there: a kill at any moment leaves a whole file."""
    with _beside(path) as unfinished:
        _write(unfinished, model, settings, history)
        os.replace(unfinished, path)


def _resume(path, form, model, settings, names, epochs):
    """Give the model the weights and the optimiser's state of a checkpoint, once all is well; return the history.

    A copy is checked and read, since another run may put a newer checkpoint in its place meanwhile. Nothing is read
    before its form is known to be the right one: a small file can hold packed arrays of gigabytes.
    """
    damaged = ValueError(f"The checkpoint {path.name} is damaged: delete it to train from the beginning.")
    arrays, most_bytes = form
    if path.stat().st_size > most_bytes:
        raise damaged
    with _beside(path, "read") as copy:
        shutil.copyfile(path, copy)
        try:
            with h5py.File(copy) as file:
                text = file["run"]
                run = json.loads(text.asstr()[()] if h5py.check_string_dtype(text.dtype).length is None else "")
                found, history = run["settings"], run["history"]
                different = [name for name in settings if found.get(name) != settings[name]]
                whole = bool(different) or (_form(file) == arrays and _content(file) == run["content"])
        except Exception:  # whatever damaged bytes make HDF5 raise
            raise damaged from None
        if different:
            raise ValueError(
                f"The checkpoint {path.name} belongs to a run with other {', '.join(different)}: "
                f"delete it, or name another file."
            )
        if not (whole and _is_history(history, names, epochs)):
            raise damaged
        model.load_weights(copy)
    return history


def _is_history(history, names, epochs):
    """Whether that is a list of figures for each name, all of one length, and no longer than the run."""
    if not isinstance(history, dict) or set(history) != set(names):
        return False
    lists = list(history.values())
    return (
        all(isinstance(figures, list) and len(figures) == len(lists[0]) <= epochs for figures in lists)
        and len(lists[0]) > 0
        and all(isinstance(figure, float) for figures in lists for figure in figures)
    )
