from tests.api.content import build_content
def test_it(world):
    print(build_content(world))
