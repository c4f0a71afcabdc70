"""scipy: x = Ax, where x is 1 of every person, by rounds of products until nothing moves."""

import numpy
from scipy import sparse
from shared import FOLDER, NODES, TOLD, ask

# Of a share, as a part of 1; guanxi stops there as well.
STILL = 1e-14

owner, owned, percent = numpy.loadtxt(FOLDER / "stakes.csv", delimiter=",", unpack=True)
owner, owned = owner.astype(numpy.int64), owned.astype(numpy.int64)
people = numpy.array(TOLD["people"])


def effective() -> numpy.ndarray:
    holds = sparse.csr_array((percent / 100, (owned, owner)), shape=(NODES, NODES))
    held = numpy.zeros(NODES)
    held[people] = 1
    while True:
        more = holds @ held
        more[people] = 1
        if numpy.abs(more - held).max() < STILL:
            return more
        held = more


ask({"effective": (effective, lambda held: [int((held > 0.25 + 1e-9).sum()), float(held.sum())])})
