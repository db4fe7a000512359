using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets;

namespace AiAssignments.Tests.Datasets.Archives;

/// <summary>Damages good inputs by a seeded random source: nothing but a problem or a bad record may come out, in bounded memory.</summary>
internal static class Fuzz
{
    private const long MostAllocated = 160L * 1024 * 1024;

    public static async Task RunAsync(IDatasetFormat format, byte[] good, int rounds, int seed, string name = "data", bool tellFormat = true)
    {
        var random = new Random(seed);
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Damage(good, random);
            var options = tellFormat && round % 2 == 0 ? new DatasetOptions { Format = format.Name } : DatasetOptions.Default;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                await ReadAllAsync(format, new ByteSource(bytes, name), options, time.Token);
            }
            catch (ProblemException problem)
            {
                Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)+$", problem.Problem.Code);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Assert.Fail($"Round {round} of seed {seed}: {exception}");
            }

            // Everything here runs synchronously on one thread, so this counts all of it.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, long.MinValue, MostAllocated);
        }
    }

    private static async Task ReadAllAsync(IDatasetFormat format, ByteSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (await format.RecognizeAsync(source, options, cancellationToken) is not { } description)
        {
            return;
        }

        var plan = await format.PlanAsync(source, description, 7, null, cancellationToken);
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, cancellationToken))
            {
                Assert.All(batch.Errors, error => Assert.NotEmpty(error.Message));
            }
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = good.ToArray();
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
            case 2:
                var from = random.Next(bytes.Length);
                return [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + random.Next(1, 64))..]];
            default:
                for (var hits = random.Next(1, 12); hits > 0; hits--)
                {
                    // Heads and tails hold the lengths and offsets that hurt most.
                    var at = random.Next(3) switch
                    {
                        0 => random.Next(Math.Min(bytes.Length, 64)),
                        1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 512)),
                        _ => random.Next(bytes.Length),
                    };
                    bytes[at] = random.Next(4) switch { 0 => 0xFF, 1 => 0x7F, 2 => 0, _ => (byte)random.Next(256) };
                }

                return bytes;
        }
    }
}
