"""The proof of work as a browser gives it."""

from typing import Any

from altcha import Challenge, Payload, solve_challenge


def proof_for(challenge: Challenge | dict[str, Any]) -> str:
    """What the element puts into its form."""
    asked = challenge if isinstance(challenge, Challenge) else Challenge.from_dict(challenge)
    solution = solve_challenge(asked)
    assert solution
    return Payload(asked, solution).to_base64()
