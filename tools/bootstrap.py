"""Make a checkout ready: virtual environment, pinned packages, bundled front end. Standard library only.

Each step leaves a stamp with the hash of what it was made from, so a second run does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BUILT = os.path.join(ROOT, "src", "throughline", "components", "static", "built")


def fail(sentence):
    sys.stderr.write("Not done. " + sentence + "\n")
    sys.exit(1)


def digest(paths):
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(os.path.relpath(path, ROOT).encode())
        with open(path, "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def below(folder, endings):
    found = []
    for place, folders, names in os.walk(os.path.join(ROOT, folder)):
        folders[:] = [name for name in folders if name not in ("node_modules", "built", "tests", "__pycache__")]
        found += [os.path.join(place, name) for name in names if name.endswith(endings)]
    return found


def step(stamp, mark, words, action):
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == mark:
                return
    sys.stderr.write(words + "\n")
    action()
    with open(stamp, "w") as file:
        file.write(mark)


def run(*command):
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        sys.stderr.write(result.stdout.decode(errors="replace")[-4000:])
        fail("“" + " ".join(command[:4]) + " …” ended with " + str(result.returncode) + "; its words are above.")


def packages(wanted):
    python = os.path.join(VENV, "bin", "python")
    files = ["base.txt"] + (["dev.txt"] if "dev" in wanted else [])
    arguments = [item for name in files for item in ("-r", os.path.join("requirements", name))]

    def install():
        uv = shutil.which("uv")
        if not os.path.exists(python):
            run(
                *(
                    [uv, "venv", "--quiet", "--python", sys.executable, VENV]
                    if uv
                    else [sys.executable, "-m", "venv", VENV]
                )
            )
        if uv:
            run(
                uv,
                "pip",
                "install",
                "--quiet",
                "--compile-bytecode",
                "--python",
                python,
                "--require-hashes",
                *arguments,
            )
        else:
            run(
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                *arguments,
            )
        # The checkout itself is put on the path by one line; building a package for it would need more tools.
        site = subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
        with open(os.path.join(site, "throughline-checkout.pth"), "w") as file:
            file.write(os.path.join(ROOT, "src") + "\n")
        command = os.path.join(VENV, "bin", "throughline")
        with open(command, "w") as file:
            file.write("#!" + python + "\nfrom throughline.project.cli import main\n\nmain()\n")
        os.chmod(command, 0o755)

    paths = [os.path.join(ROOT, "requirements", name) for name in files] + [os.path.abspath(__file__)]
    step(
        os.path.join(VENV, ".ready-" + "-".join(["base", *wanted])),
        digest(paths),
        "Setting up Python packages …",
        install,
    )


def front_end():
    sources = below("islands", (".ts", ".mjs", ".json")) + below("src/throughline/components/css", (".css",))
    sources += [os.path.join(ROOT, name) for name in ("package.json", "package-lock.json", "tsconfig.json")]

    def build():
        if shutil.which("npm") is None:
            fail(
                "Node.js with npm is needed to bundle the front end once; install Node 20 or later and run this again."
            )
        run("npm", "ci", "--no-audit", "--no-fund")
        run("npm", "run", "build")

    os.makedirs(BUILT, exist_ok=True)
    step(os.path.join(BUILT, ".ready"), digest(sources), "Bundling the front end …", build)


def bytecode():
    """Compile the project's modules that changed, so that every later start is quick wherever Python may not write."""
    run(os.path.join(VENV, "bin", "python"), "-m", "compileall", "-q", os.path.join(ROOT, "src"))


def main():
    # Runs under whatever Python was named, older ones too.
    if sys.version_info < (3, 11):  # noqa: UP036 - it says so to older ones
        fail(
            "Python 3.11 or later is needed, and “"
            + sys.executable
            + "” is "
            + ".".join(str(part) for part in sys.version_info[:3])
            + ". Name another one: make PYTHON=python3.12 run"
        )
    if not os.access(ROOT, os.W_OK):
        fail("The folder " + ROOT + " cannot be written; check it out where you may write.")
    packages(sys.argv[1:])
    bytecode()
    front_end()


main()
