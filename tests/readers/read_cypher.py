"""openCypher by the grammar of antlr4-cypher: every statement parses, and there is one for each node and edge."""

from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_cypher import CypherLexer, CypherParser

from shared import FACTS, FOLDER, NODES


class Strict(ErrorListener):
    def syntaxError(self, recognizer, symbol, line, column, message, error):
        raise AssertionError(f"{statement}\n{column}: {message}")


statements = (FOLDER / "graph.cypher").read_text().split("\n")
assert statements.pop() == ""
assert len(statements) == len(NODES) + len(FACTS)
for statement in statements:
    lexer = CypherLexer(InputStream(statement))
    parser = CypherParser(CommonTokenStream(lexer))
    for machine in [lexer, parser]:
        machine.removeErrorListeners()
        machine.addErrorListener(Strict())
    parser.script()
nodes = sum(statement.startswith("MERGE (n:Node {id: ") for statement in statements)
assert nodes == len(NODES)
print(f"{nodes} nodes, {len(statements) - nodes} edges (antlr4-cypher)")
