"""scipy: x = Ax + b, solved directly, where b is 1 of every person, whom nobody owns.

Without reordering, for the world is numbered from owners to owned: of the ways that scipy has this was the fastest by
far. The others (COLAMD, minimum degree, GMRES, rounds of products) took from 5 to 200 times as long.
"""

import numpy
from scipy import sparse
from scipy.sparse.linalg import spsolve
from shared import FOLDER, NODES, TOLD, ask

owner, owned, percent = numpy.loadtxt(FOLDER / "stakes.csv", delimiter=",", unpack=True)
owner, owned = owner.astype(numpy.int64), owned.astype(numpy.int64)
people = numpy.zeros(NODES)
people[TOLD["people"]] = 1


def effective() -> numpy.ndarray:
    firms = people[owned] == 0
    holds = sparse.csc_array((percent[firms] / 100, (owned[firms], owner[firms])), shape=(NODES, NODES))
    return spsolve(sparse.eye_array(NODES, format="csc") - holds, people, permc_spec="NATURAL")


ask({"effective": (effective, lambda held: [int((held > 0.25 + 1e-9).sum()), float(held.sum())])})
