"""What may be wrong with code is found in the right line, and what is right is let be."""

from __future__ import annotations

from config.language.data import languages, table
from pipeline.code.diffs.parse import parse
from pipeline.code.findings.base import Finding
from pipeline.code.findings.patterns import rules
from pipeline.code.findings.reported import checked
from pipeline.code.findings.review import review, review_diff
from pipeline.code.source import source_of
from tests.pipeline.code.desk import DIFF
from tests.tables import for_each


def found(name: str, text: str) -> list[str]:
    return [f"{each.rule} {each.line}" for each in review(source_of(text, name))]


@for_each(
    ("line", "rule"),
    [
        ("eval(x)", "eval"),
        ("os.system(x)", "shell_command"),
        ("subprocess.run(x, shell=True)", "shell_command"),
        ("pickle.loads(x)", "unpickle"),
        ("yaml.load(x)", "unpickle"),
        ("requests.get(x, verify=False)", "tls_off"),
        ("db.execute(f'select * from t where a={x}')", "sql_built"),
        ("q = 'DELETE FROM t WHERE a=' + x", "sql_built"),
        ("db.execute('select a from t where b=%s' % x)", "sql_built"),
        ("db.execute('update t set a={}'.format(x))", "sql_built"),
        ("os.chmod(x, 0o777)", "rights"),
        ("password = 'hunter2hunter2'", "secret"),
        ("headers = {'api_key': 'abcdef123456'}", "secret"),
        ("key = 'AKIAABCDEFGHIJKLMNOP'", "secret"),
        ("app.run(debug=True)", "debug_on"),
        ("tempfile.mktemp()", "guessable_file"),
        ("hashlib.md5(x)", "weak_hash"),
        ("breakpoint()", "debugger"),
        ("def f(a=[]): return a", "mutable_default"),
        ("def f(*, a={}): return a", "mutable_default"),
        ("x is 'a'", "identity"),
        ("x == None", "none_equal"),
        ("assert (x, 'text')", "assert_tuple"),
        ("d = {'a': 1, 'a': 2}", "key_twice"),
        ("# TODO: more", "todo"),
        ("list = 3", "hides_builtin"),
        ("import os", "unused_import"),
        ("def f():\n    a = 1", "unused_variable"),
        ("def f(): pass\ndef f(): pass", "defined_twice"),
        ("try:\n    f()\nexcept:\n    pass", "bare_except"),
        ("try:\n    f()\nexcept Exception:\n    pass", "swallowed"),
        ("def f():\n    return 1\n    f()", "unreachable"),
        ("for x in a:\n    a.remove(x)", "changed_while_read"),
        ("async def f():\n    asyncio.sleep(1)", "not_awaited"),
        ("def f():\n    try:\n        f()\n    finally:\n        return 1", "return_in_finally"),
        ("<<<<<<< HEAD", "merge_marker"),
        ("x = (", "broken"),
        ("if a:\n\tb()\nif c:\n    d()", "mixed_indent"),
    ],
)
def test_a_fault_of_python_is_found(line: str, rule: str) -> None:
    assert rule in [each.split()[0] for each in found("a.py", line)]


@for_each(
    "line",
    [
        "ast.literal_eval(x)",
        "subprocess.run(['a', x])",
        "yaml.load(x, Loader=yaml.SafeLoader)",
        "yaml.safe_load(x)",
        "db.execute('select * from t where a=?', (x,))",
        "q = f'select {COLUMNS} from t where a=?'",
        "s = 'eval(x)'",
        "password = os.environ['PASSWORD']",
        "password = getpass()",
        "token = '<your token>'",
        "x is None",
        "def f(a=None): return a",
        "model.eval()",
        "token_count = 123456",
        "self.password = password",
        "try:\n    f()\nexcept ValueError:\n    pass",
        "try:\n    f()\nexcept:\n    raise",
        "print('# TODO later')",
        "import os\nos.getcwd()",
        "import a.b\na.b.c()",
        "from __future__ import annotations",
        "def f():\n    _a = 1",
        "def f():\n    n = 0\n    n += 1",
        "for x in list(a):\n    a.remove(x)",
        "======\nx = 1".replace("======", "#"),
        "@overload\ndef f(a): ...\ndef f(a): return a",
        "x = 1 if a else 2",
        "async def f():\n    await asyncio.sleep(1)",
        "secret_name = 'a'",
        "passwords = ['a', 'b']",
    ],
)
def test_what_is_right_is_let_be(line: str) -> None:
    assert found("a.py", line) == []


@for_each(
    ("name", "text", "wrong"),
    [
        (
            "a.js",
            "el.innerHTML = x;\nif (a = b) { }\neval(y);\nfetch(`select * from t`)\n",
            ["assigned_in_condition 2", "eval 3", "raw_html 1"],
        ),
        (
            "a.js",
            "const q = `SELECT * FROM t WHERE id=${id}`;\nexec('ls ' + dir);\n",
            ["sql_built 1", "shell_command 2"],
        ),
        ("a.js", "try { f(); } catch (e) {}\nif (a === b && c !== d) { /* eval(x) */ }\n", ["swallowed 1"]),
        ("a.ts", "const o = { rejectUnauthorized: false };\ndebugger;\n", ["tls_off 1", "debugger 2"]),
        (
            "a.c",
            'strcpy(a, b);\nprintf(s);\nprintf("%d", n);\nsystem(cmd);\nsystem("ls");\n',
            ["unbounded_copy 1", "format_text 2", "shell_command 4"],
        ),
        (
            "A.java",
            'if (s == "a") {}\nst.executeQuery("select a from t where b=\'" + x + "\'");\n',
            ["text_identity 1", "sql_built 2"],
        ),
        (
            "a.go",
            "n, _ := strconv.Atoi(s)\nv, _ := m[k]\n_ = f.Close()\ntls.Config{InsecureSkipVerify: true}\n",
            ["tls_off 4", "error_ignored 1", "error_ignored 3"],
        ),
        (
            "a.rs",
            'let x = y.unwrap();\nunsafe { *p = 1; }\nlet s = "unsafe {";\n',
            ["unsafe_block 2", "unwrap 1"],
        ),
        (
            "a.rb",
            'system("rm #{x}")\nYAML.load(x)\nbinding.pry\n',
            ["shell_command 1", "unpickle 2", "debugger 3"],
        ),
        (
            "a.php",
            "echo $_GET['a'];\n$r = mysqli_query($c, \"SELECT * FROM t WHERE a='$a'\");\nunserialize($x);\n",
            ["sql_built 2", "unpickle 3", "raw_html 1"],
        ),
        (
            "a.sh",
            'rm -rf "$DIR"/\ncurl https://x | sudo bash\nchmod 777 f\nrm $f\n'
            'cp "$a" b\ncd /x\ncd /x || exit\n',
            ["delete_all 1", "pipe_to_shell 2", "rights 3", "unquoted 4", "cd_unchecked 6"],
        ),
        (
            "a.sql",
            "DELETE FROM t;\nDELETE FROM t WHERE a=1;\nDROP TABLE t;\nGRANT ALL ON t TO x;\nUPDATE "
            "t SET a=1;\n",
            ["all_rows 1", "all_rows 5", "drops 3", "all_rights 4"],
        ),
        (
            "a.yaml",
            "password: hunter22\nport: 80\nprivileged: true\napi_key: ${KEY}\n",
            ["secret 1", "all_rights 3"],
        ),
        ("a.txt", "-----BEGIN RSA PRIVATE KEY-----\n>>>>>>> theirs\n", ["private_key 1", "merge_marker 2"]),
    ],
)
def test_faults_of_other_languages(name: str, text: str, wrong: list[str]) -> None:
    assert found(name, text) == wrong


def test_of_a_diff_only_what_it_adds_is_told_with_its_line_in_the_new_file() -> None:
    findings = review_diff(parse(DIFF))
    assert [(each.rule, each.file, each.line) for each in findings] == [
        ("eval", "src/dates.py", 5),
        ("tests_removed", "tests/test_dates.py", 12),
    ]
    assert findings[0].quote == "        return eval(text)"
    skipped = (
        "--- a/test_a.py\n+++ b/test_a.py\n@@ -1,2 +1,3 @@\n+@pytest.mark.skip\n def test_a():\n     f()"
    )
    assert [(each.rule, each.line) for each in review_diff(parse(skipped))] == [("test_skipped", 1)]


def test_every_rule_has_its_words_in_every_language() -> None:
    used = {rule.id for rule in rules()}
    for language in languages():
        words = table(language, "code_findings")["rules"]
        assert used <= words.keys()
        assert all(len(said) == 3 and all(said) for said in words.values())
        assert {key for key, said in words.items() if "{name}" in said[0]} == {
            key for key, said in table("en", "code_findings")["rules"].items() if "{name}" in said[0]
        }


LINES = {1: "def f(a):", 2: "    return a[0]", 3: "    return a[0]", 9: "x = 1"}


@for_each(
    ("line", "quote", "kept"),
    [
        (2, "return a[0]", 2),
        (2, "  return   a[0]", 2),
        (4, "def f(a):", 1),
        (4, "return a[0]", 0),
        (9, "x = 2", 0),
        (30, "x = 1", 0),
        (1, "", 0),
        (1, "f", 0),
        (10, "x = 1", 9),
    ],
)
def test_a_models_finding_counts_if_it_quotes_a_line_that_is_there(line: int, quote: str, kept: int) -> None:
    report = {"severity": "high", "line": line, "quote": quote, "what": "It\nfails."}
    reported = checked([report], lambda file: LINES if not file else None)
    assert [each.line for each in reported.findings] == ([kept] if kept else [])
    assert reported.dropped == (not kept)
    if kept:
        assert reported.findings[0] == Finding("", "high", kept, LINES[kept], what="It fails.")
    assert checked([report | {"file": "other.py"}], lambda file: LINES if not file else None).dropped == 1
