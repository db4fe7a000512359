using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>Opens channels before the start.</summary>
internal static class Opening
{
    // A server's accept queue is finite.
    private const int AtOnce = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<(List<ILoadChannel> Opened, string? Problem)> OpenAsync(ILoadTransport transport, int count, CancellationToken cancellationToken)
    {
        var opened = new List<ILoadChannel>(count);
        string? problem = null;
        while (opened.Count < count && !cancellationToken.IsCancellationRequested)
        {
            var some = Enumerable.Range(0, Math.Min(AtOnce, count - opened.Count)).Select(_ => transport.CreateChannel()).ToList();
            var connecting = Task.WhenAll(some.Select(channel => channel.ConnectAsync().AsTask()));
            using (cancellationToken.Register(() => some.ForEach(channel => channel.Abort())))
            {
                if (await Task.WhenAny(connecting, Task.Delay(Patience, cancellationToken)).ConfigureAwait(false) != connecting)
                {
                    some.ForEach(channel => channel.Abort());
                }
            }

            var problems = await connecting.ConfigureAwait(false);
            for (var i = 0; i < some.Count; i++)
            {
                if (problems[i] is null)
                {
                    opened.Add(some[i]);
                }
                else
                {
                    problem = problems[i];
                    await some[i].DisposeAsync().ConfigureAwait(false);
                }
            }

            if (problem is not null)
            {
                break;
            }
        }

        return (opened, problem);
    }
}
