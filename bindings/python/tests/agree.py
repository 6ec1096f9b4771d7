"""Asks the module the questions of one file, and compares its answers with those of another."""

import json
import sys

import retriage


def main() -> None:
    compared = 0
    with open(sys.argv[1], encoding="utf-8") as questions, open(sys.argv[2], encoding="utf-8") as answers:
        for question, expected in zip(questions, answers, strict=True):
            for asked in (question, json.loads(question)):
                told = json.dumps(retriage.answer(asked), ensure_ascii=False, separators=(",", ":"))
                # Both through the same writer, so that a number is not told by how it is written.
                wanted = json.dumps(json.loads(expected), ensure_ascii=False, separators=(",", ":"))
                if told != wanted:
                    sys.exit(f"Python says\n{told}\nand the core\n{wanted}\nto\n{question}")
            compared += 1
    print(f"Python agrees in {compared}")


if __name__ == "__main__":
    main()
