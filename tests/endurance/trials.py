"""A run dies or one of its calls fails; what is left is looked at, and the next run must end as undisturbed."""

from __future__ import annotations

import errno
import hashlib
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.endurance.injector import CHANGING, DIE, DIE_HALFWAY, FAIL_ON, FAIL_ONCE, Fault
from tests.endurance.state import WAL, broken, open_runs

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.endurance.processes import Ended
    from tests.endurance.scenes import Scene, Stage

# Call → the errors that it can answer with.
ERRORS = {
    "open": (errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EROFS, errno.EACCES),
    "read": (errno.EIO,),
    "write": (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    "sync": (errno.EIO, errno.ENOSPC, errno.EDQUOT),
    "truncate": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES),
    "unlink": (errno.EIO, errno.EROFS),
    "mkdir": (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EMLINK),
    "mmap": (errno.ENOMEM, errno.EIO),
}
STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SECONDS_TO_STOP = 5.0
USAGE = 2
BUGS = ("Traceback", "internal error")


@dataclass(frozen=True, slots=True)
class Trial:
    """What was done to a run, how far it had got, and what was wrong afterwards."""

    scene: str
    kind: str  # kill at a call, kill at a moment, error, signal, full disk
    fault: str
    struck: bool  # the run really died, or a call really failed
    share: float  # of the calls of an undisturbed run that were made
    where: str  # call and file
    code: int
    errors: str
    wrong: tuple[str, ...] = ()


def kill_at_a_call(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Die right before a call that changes the disk, or with half of it written."""
    calls = sum(scene.usual.calls[kind] for kind in CHANGING)
    nth = rng.randint(1, calls)
    fault = Fault(CHANGING, nth, rng.choice((DIE, DIE_HALFWAY)))
    folder = stage.copy(scene, "trial")
    ended = stage.run(scene, folder, fault)
    struck = ended.code == -signal.SIGKILL
    return judged(stage, scene, folder, ended, "kill at a call", f"call {nth} of {calls}", struck)


def kill_at_a_moment(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Send SIGKILL after a while."""
    assert scene.ended
    after = rng.uniform(0, scene.ended.seconds)
    folder = stage.copy(scene, "trial")
    ended = stage.start(scene, folder, Fault()).end(after=after)
    return judged(stage, scene, folder, ended, "kill at a moment", f"after {after:.3f} s", ended.code < 0)


def kill_for_real(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Kill `python -m pipeline` itself, at a call or after a while; most of a short command's time is its start."""
    assert scene.ended
    calls, after = sum(scene.usual.calls[kind] for kind in CHANGING), rng.uniform(0.2, 1.0 + 2 * scene.ended.seconds)
    fault = Fault(CHANGING, rng.randint(1, calls), DIE) if rng.random() < 0.5 else Fault()
    folder = stage.copy(scene, "trial")
    running = stage.start_for_real(scene, folder, fault)
    ended = running.end() if fault.nth else running.end(after=after)
    said = f"call {fault.nth} of {calls}" if fault.nth else f"after {after:.3f} s"
    return judged(stage, scene, folder, ended, "kill for real", said, ended.code == -signal.SIGKILL)


def stop(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Ask to stop after a while: it ends soon, with one line and its own code."""
    assert scene.ended
    number, after = rng.choice(STOPPING), rng.uniform(0, scene.ended.seconds)
    folder = stage.copy(scene, "trial")
    ended = stage.start(scene, folder, Fault()).end(after=after, with_signal=number)
    return _stopped(stage, scene, folder, ended, "signal", number, after)


def stop_for_real(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Ask `python -m pipeline` itself to stop after a while."""
    assert scene.ended
    number, after = rng.choice(STOPPING), rng.uniform(0.1, 1.0 + 2 * scene.ended.seconds)
    folder = stage.copy(scene, "trial")
    ended = stage.start_for_real(scene, folder, Fault()).end(after=after, with_signal=number)
    return _stopped(stage, scene, folder, ended, "signal for real", number, after)


def _stopped(
    stage: Stage, scene: Scene, folder: Path, ended: Ended, kind: str, number: signal.Signals, after: float
) -> Trial:
    wrong, serves = [], bool(scene.endless)
    in_time = ended.seconds <= after  # it was over by itself
    # before the command line has set its handlers the signal itself ends the process
    if ended.code not in (scene.codes if in_time or serves else (*scene.codes, 128 + number)) and ended.code != -number:
        wrong.append(f"{number.name} ended it with {ended.code}")
    own = _own_lines(scene, ended)
    if len(own) > (0 if in_time or serves or ended.code in (*scene.codes, -number) else 1):
        wrong.append(f"{number.name}: more than one line: {own}")
    if ended.code == 128 + number and not own:
        wrong.append(f"{number.name}: it said nothing")
    if ended.seconds - after > SECONDS_TO_STOP:
        wrong.append(f"{number.name}: it went on for {ended.seconds - after:.1f} s")
    said = f"{number.name} after {after:.2f} s"
    return judged(stage, scene, folder, ended, kind, said, not in_time, wrong)


def _own_lines(scene: Scene, ended: Ended) -> list[str]:
    """What a run said on standard error that an undisturbed one does not say."""
    usual = scene.ended.errors.splitlines() if scene.ended else []
    return [line for line in ended.errors.splitlines() if line not in usual]


def fail(stage: Stage, scene: Scene, rng: random.Random) -> Trial:
    """Let one call fail, or all from one on."""
    kind = rng.choice([kind for kind in ERRORS if scene.usual.calls[kind]])
    nth, number = rng.randint(1, scene.usual.calls[kind]), rng.choice(ERRORS[kind])
    lasting = rng.random() < 0.5
    fault = Fault((kind,), nth, FAIL_ON if lasting else FAIL_ONCE, number)
    folder = stage.copy(scene, "trial")
    ended = stage.run(scene, folder, fault)
    said = f"{errno.errorcode[number]} from {kind} {nth}{' on' if lasting else ''}"
    return judged(
        stage, scene, folder, ended, "error", said, ended.reached.hits > 0, after_failure(scene, folder, ended)
    )


def after_failure(scene: Scene, folder: Path, ended: Ended) -> list[str]:
    """What is wrong with how a run that could not write or read ended."""
    is_usual = ended.code == scene.codes[0] and not _own_lines(scene, ended)
    if (ended.code == 0 or is_usual) and scene.then:  # where it should lead to is known only after the next command
        return []
    if ended.code == 0 or is_usual:
        difference = scene.look(folder).differs(scene.state, ignored=WAL)
        return [f"it said that all is well: {difference}"] if difference else []
    if ended.code not in (1, USAGE):  # 2: a file that was given with the command cannot be read
        return [f"it ended with {ended.code}"]
    own = _own_lines(scene, ended)
    if len(own) != 1 and not (scene.play and own):  # a server logs each page that it could not give
        return [f"not one line: {own}"]
    names = ("news.db", "disk", "digests", "issue-1", "edits.csv", "edits-out.csv", "packages", str(folder))
    return [] if any(name in own[0] for name in names) else [f"it names neither file nor disk: {own[0]}"]


def judged(
    stage: Stage,
    scene: Scene,
    folder: Path,
    ended: Ended,
    kind: str,
    fault: str,
    struck: bool,
    wrong: list[str] | None = None,
) -> Trial:
    """Look at what the run left, and let the next one go to its end."""
    wrong = [*(wrong or ()), *broken(folder / "news.db"), *_half_files(scene, folder), *scene.check(folder)]
    if any(sign in ended.errors for sign in BUGS):
        wrong.append(f"a bug: {ended.errors.strip().splitlines()[-1]}")
    calls = max(1, sum(scene.usual.calls.values()))
    share = min(1.0, sum(ended.reached.calls.values()) / calls)
    where = ended.reached.last or ("between two calls" if share else "before its first call")
    if scene.unending:
        wrong += broken(folder / "demo" / "news.db")
        return Trial(scene.name, kind, fault, struck, share, where, ended.code, ended.errors, tuple(wrong))
    again = stage.run_on(scene, folder)
    if again.code not in scene.codes or "Traceback" in again.errors:
        wrong.append(f"the next run ended with {again.code}: {again.errors.strip()[-300:]}")
    wrong += [*broken(folder / "news.db"), *scene.check(folder)]
    if scene.keeps_runs and open_runs(folder)[1]:
        wrong.append("a row of runs is still open")
    if difference := scene.look(folder).differs(scene.state, ignored=WAL if scene.reads else ()):
        wrong.append(f"the next run did not end as undisturbed: {difference}")
    return Trial(scene.name, kind, fault, struck, share, where, ended.code, ended.errors, tuple(wrong))


def _half_files(scene: Scene, folder: Path) -> list[str]:
    """Files of the digest that are neither as before nor as they should be."""
    found = []
    for path in (folder / "digests").glob("[!.]*"):
        name = f"digests/{path.name}"
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        before = scene.begins / name
        if content != scene.state.files.get(name) and not (
            before.exists() and before.read_bytes() == path.read_bytes()
        ):
            found.append(f"half a file: {name}")
    return found
