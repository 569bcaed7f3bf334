"""The batch against executors of every kind, the board that a person sees, the stop switch."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections import Counter
from concurrent.futures import Executor, Future
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from cip.params import load_params
from cip.run.batch import run_batch, run_tasks
from cip.run.executors import WorkerLost, WorkerPool, count_usable_cpus
from cip.run.progress import Board, draw_board, show_progress, write_duration
from cip.run.stopping import Stopped, hold_signals, raise_if_stopped, stop_on_signals
from cip.run.task import AreaOutcome, AreaTask


def make_tasks(*names: str) -> list[AreaTask]:
    nowhere = Path("nowhere")
    return [AreaTask(Path(f"{name}.yml"), nowhere, nowhere, nowhere) for name in names]


class Scripted(Executor):
    """Answers each area with the next of its prepared answers, in no worker at all."""

    def __init__(self, answers: dict[str, list[object]]):
        self.answers = answers
        self.calls: list[str] = []

    def submit(self, call, /, task, *arguments):
        name = task.params_file.stem
        self.calls.append(name)
        future: Future = Future()
        answer = self.answers[name].pop(0)
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


def done(name: str) -> AreaOutcome:
    return AreaOutcome(name, name, "done", folder=name)


def test_every_area_ends_once_whatever_happens_to_it():
    executor = Scripted(
        {
            "good": [done("good")],
            "unlucky": [WorkerLost("its worker process died", 1), done("unlucky")],
            "deadly": [WorkerLost("its worker process died", n) for n in (2, 3)],
            "broken": [ValueError("not expected")],
        }
    )
    events: list[tuple] = []
    outcomes = list(
        run_tasks(
            make_tasks("good", "unlucky", "deadly", "broken"), executor, lambda *e: events.append(e)
        )
    )
    assert {o.area_id: o.status for o in outcomes} == {
        "good": "done", "unlucky": "done", "deadly": "failed", "broken": "failed",
    }  # fmt: skip
    assert len(outcomes) == 4
    assert Counter(executor.calls) == {"good": 1, "unlucky": 2, "deadly": 2, "broken": 1}
    messages = {o.area_id: o.message for o in outcomes}
    assert messages["deadly"] == "its worker process died, 2 times"
    assert messages["broken"] == "ValueError: not expected"
    assert sorted(events) == sorted((o.area_id, "area", o.status) for o in outcomes)


def test_an_area_that_its_cluster_gave_up_is_not_tried_again():
    lost = WorkerLost("each worker that tried it died", may_retry=False)
    executor = Scripted({"lost": [lost]})
    (outcome,) = run_tasks(make_tasks("lost"), executor)
    assert (outcome.status, executor.calls) == ("failed", ["lost"])


def test_a_missing_parameter_file_fails_its_area_alone(tmp_path):
    (outcome,) = run_batch(make_tasks("absent"), jobs=1)
    assert outcome.status == "failed"
    assert "no such parameter file" in str(outcome.message)


def test_the_pool_replaces_a_worker_that_died():
    with WorkerPool(1) as pool:
        first = pool.submit(os.getpid).result(timeout=60)
        with pytest.raises(WorkerLost) as caught:
            pool.submit(os._exit, 3).result(timeout=60)
        second = pool.submit(os.getpid).result(timeout=60)
        assert caught.value.pid == first != second
        with pytest.raises(ValueError, match="invalid literal"):
            pool.submit(int, "x").result(timeout=60)
        assert pool.submit(os.getpid).result(timeout=60) == second
    assert not psutil.pid_exists(second)


def test_a_pool_left_by_an_exception_ends_at_once():
    begun = time.monotonic()
    with pytest.raises(KeyError), WorkerPool(1) as pool:
        pid = pool.submit(os.getpid).result(timeout=60)
        running, waiting = pool.submit(time.sleep, 300), pool.submit(os.getpid)
        while not running.running():
            time.sleep(0.01)
        raise KeyError
    assert time.monotonic() - begun < 60
    assert waiting.cancelled()
    assert isinstance(running.exception(), WorkerLost)
    assert not psutil.pid_exists(pid)


def test_usable_processors_are_those_of_this_process():
    assert 1 <= count_usable_cpus() <= (os.cpu_count() or 1)


# Signals


def test_a_signal_stops_at_once_unless_it_is_held():
    # A process that was started in the background may ignore Ctrl-C from the start.
    before = signal.getsignal(signal.SIGINT)
    with stop_on_signals():
        with pytest.raises(Stopped) as caught:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        assert caught.value.exit_code == 143
    with stop_on_signals():
        with hold_signals():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            os.kill(os.getpid(), signal.SIGTERM)  # a second one changes nothing
            time.sleep(0.05)
        with pytest.raises(Stopped) as caught:
            raise_if_stopped()
        assert caught.value.exit_code == 130
    assert signal.getsignal(signal.SIGINT) is before


def test_a_noted_signal_ends_the_batch():
    executor = Scripted({name: [done(name)] for name in "ab"})
    with stop_on_signals(), hold_signals():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Stopped):
            list(run_tasks(make_tasks("a", "b"), executor))


# What a person sees


@pytest.fixture
def demo_file(root):
    return load_params(root / "params" / "demo.yml")


def test_json_is_one_object_a_line_and_nothing_else(demo_file):
    console = Console(file=io.StringIO())
    with show_progress([demo_file], console, as_json=True) as report:
        report("demo", "geography", "running")
        report("demo", "area", "done")
    events = [json.loads(line) for line in console.file.getvalue().splitlines()]
    assert [(e["area"], e["stage"], e["status"]) for e in events] == [
        ("demo", "geography", "running"),
        ("demo", "area", "done"),
    ]
    assert 0 <= events[0]["seconds"] <= events[1]["seconds"]


def test_without_a_terminal_there_are_plain_lines(demo_file):
    console = Console(file=io.StringIO(), width=20)
    with show_progress([demo_file], console) as report:
        report("demo", "geography", "running")
        report("demo", "area", "unchanged")
    text = console.file.getvalue()
    assert text == "demo: geography running\ndemo: unchanged (1 of 1)\n"


def test_on_a_terminal_there_is_a_table_of_areas_and_stages(demo_file):
    console = Console(file=io.StringIO(), force_terminal=True, width=120, height=30)
    with show_progress([demo_file], console) as report:
        report("demo", "geography", "done")
        report("demo", "data_profile", "running")
        report("demo", "data_profile", "failed")
        report("demo", "area", "failed")
    text = console.file.getvalue()
    for words in ("Teaspoon Common", "✓", "✗ failed", "1 of 1 areas ended, 1 failed"):
        assert words in text


def make_board(count: int, seconds: float) -> Board:
    names = [f"area-{n}" for n in range(count)]
    steps = {name: ["geography", "data_profile", "reports"] for name in names}
    return Board({n: n.title() for n in names}, steps, clock=lambda: seconds, started=0.0)


def test_time_left_goes_by_the_steps_that_are_over():
    board = make_board(4, 30.0)
    assert board.estimate_left() is None
    board.note("area-0", "area", "unchanged")  # took no time, so says nothing about the others
    assert board.estimate_left() is None
    board.note("area-1", "geography", "running")
    assert board.estimate_left() is None
    board.note("area-1", "geography", "done")
    assert board.estimate_left() == pytest.approx(30 * 8)
    board.note("area-1", "area", "failed")  # a failed area will not run its other steps
    assert board.estimate_left() == pytest.approx(30 * 6 / 3)


def test_a_long_table_shows_what_runs_and_what_failed():
    board = make_board(50, 30.0)
    board.note("area-45", "geography", "running")
    board.note("area-46", "area", "failed")
    for n in range(10):
        board.note(f"area-{n}", "area", "done")
    console = Console(file=io.StringIO(), width=120)
    console.print(draw_board(board, rows=4))
    text = console.file.getvalue()
    assert "Area-45" in text
    assert "Area-46" in text
    assert "Area-3 " not in text
    assert "11 of 50 areas ended, 1 failed" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (89, "89 seconds"), (600, "10 minutes"), (9000, "2.5 hours")],
)
def test_lengths_of_time_in_words(seconds, words):
    assert write_duration(seconds) == words
