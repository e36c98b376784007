"""How people rate what halls do for them (好差评), as halls report it upward: a row for each hall and month, nothing of
who has rated what. The ratings themselves stand in the halls' schemas."""
