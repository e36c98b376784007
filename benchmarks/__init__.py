"""What is measured, against whom: ``python -m benchmarks [--profile small|full] [NAME…]`` prints JSON.

A benchmark is a module of this folder with a function ``run(profile: Profile) -> list[dict]``; its lines come from
``benchmarks.measuring.line``. It finds Django set up on servers of its own and the profile's halls provisioned
(benchmarks/world.py); it is found by being there.
"""
