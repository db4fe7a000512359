namespace AiAssignments.Pipeline.Gateway;

/// <summary>What is known of an idempotency key.</summary>
/// <param name="Fingerprint">Hash of the request that it came with.</param>
/// <param name="Claim">Who works on it, and until when (Unix milliseconds): past that the worker is taken for dead.</param>
/// <param name="ClaimedUntil">See <paramref name="Claim"/>.</param>
/// <param name="Answer">The answer; <c>null</c> while it is worked on.</param>
/// <param name="ExpiresAt">When it is forgotten, Unix milliseconds.</param>
internal sealed record IdempotencyEntry(string Fingerprint, string Claim, long ClaimedUntil, KeptAnswer? Answer, long ExpiresAt);
