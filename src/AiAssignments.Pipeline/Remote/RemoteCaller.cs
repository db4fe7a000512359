using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Remote;

/// <summary>Carries a call through: chooses servers, tries another where that is safe, asks a second one beside a slow one, keeps the deadline.</summary>
internal sealed class RemoteCaller(ServerPool pool, HttpClient http, RemoteOptions options)
{
    private const string Unavailable = "server-unavailable";

    // A request that ends the server it is sent to must not go through all of them.
    private const int MostLost = 3;
    private static readonly TimeSpan FullWithoutWord = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = options.Time;
    private readonly LatencyWindow latencies = new(options.Hedging?.Percentile ?? 0.95);
    private readonly Lock gate = new();
    private readonly Random random = new(options.Seed);
    private double hedges;

    /// <summary>Makes the call.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="timeout">Longest time until inference begins.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    /// <exception cref="ProblemException">What a server refused it for; <c>queue-full</c> when all are full; <c>server-unavailable</c>; <c>deadline-exceeded</c>.</exception>
    public async Task<T> CallAsync<T>(RemoteCall<T> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout + options.RunLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var tried = new HashSet<RemoteServer>();
        ProblemException? last = null;
        var (full, broken, round, lost) = (false, false, 0, 0);
        for (var attempt = 0; attempt < options.Attempts; attempt++)
        {
            if (timeout - time.GetElapsedTime(start) is var left && left <= TimeSpan.Zero)
            {
                throw Late(last);
            }

            var server = pool.Take(call.Model, tried, any: true);
            if (server is null && (full || !broken || !await WaitAsync(round++, left, either.Token).ConfigureAwait(false)))
            {
                break;
            }

            if (server is null)
            {
                // All were gone through: a server that restarts may be back.
                tried.Clear();
                broken = false;
                attempt--;
                continue;
            }

            var outcome = await RaceAsync(call, server, tried, left, either.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            switch (outcome.Kind)
            {
                case OutcomeKind.Answered:
                    return outcome.Value!;
                case OutcomeKind.Refused:
                    throw outcome.Problem!;
                default:
                    full |= outcome.Kind == OutcomeKind.Full;
                    broken |= outcome.Kind == OutcomeKind.Broken;
                    lost += outcome.Sent ? 1 : 0;
                    last = outcome.Problem;
                    break;
            }

            if (lost == MostLost)
            {
                break;
            }

            if (limit.IsCancellationRequested)
            {
                throw Late(last);
            }
        }

        throw pool.FreeIn(call.Model) is { } free ? new ProblemException("queue-full", "The queues of all inference servers are full; try again when Retry-After says.") { RetryAfter = free }
            : last is { Problem.Code: not Unavailable } ? last
            : new ProblemException(new Problem(Unavailable, $"No inference server answers: {last?.Problem.Message ?? "none is left"}"), last) { RetryAfter = options.EjectFor };
    }

    /// <summary>Asks one server, without another attempt.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="server">The server.</param>
    /// <param name="timeout">Longest time until it has answered.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException">What it refused it for; <c>server-unavailable</c>.</exception>
    public async Task<T> CallOneAsync<T>(RemoteCall<T> call, RemoteServer server, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        pool.Taken(server);
        var outcome = await AttemptAsync(call, server, timeout, either.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome.Kind == OutcomeKind.Answered ? outcome.Value! : throw outcome.Problem!;
    }

    private static ProblemException Late(ProblemException? last) => new(
        new Problem("deadline-exceeded", last is null ? "The time ran out before an inference server answered." : $"The time ran out; the last attempt: {last.Problem.Message}"), last);

    private async Task<bool> WaitAsync(int round, TimeSpan left, CancellationToken cancellationToken)
    {
        double share;
        lock (gate)
        {
            share = 0.5 + (0.5 * random.NextDouble());
        }

        var delay = options.RoundDelay * (Math.Pow(2, Math.Min(round, 16)) * share);
        if (delay >= left)
        {
            return false;
        }

        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    // The first attempt, and beside it a second one when it is slow. The first final outcome wins.
    private async Task<Outcome<T>> RaceAsync<T>(RemoteCall<T> call, RemoteServer server, HashSet<RemoteServer> tried, TimeSpan left, CancellationToken cancellationToken)
    {
        tried.Add(server);
        var delay = options.Hedging is { } hedging ? hedging.Delay ?? latencies.Read() : null;
        if (delay is not { } wait || pool.Servers.Count == 1)
        {
            return await AttemptAsync(call, server, left, cancellationToken).ConfigureAwait(false);
        }

        lock (gate)
        {
            // A request earns a part of a second attempt; the bound keeps a quiet hour from paying for a storm.
            hedges = Math.Min(hedges + options.Hedging!.Share, Math.Max(1, 10 * options.Hedging.Share));
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = time.GetTimestamp();
        var first = AttemptAsync(call, server, left, over.Token);
        using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(over.Token))
        {
            await Task.WhenAny(first, Task.Delay(wait, time, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
        }

        if (first.IsCompleted || left - time.GetElapsedTime(start) is var still && still <= TimeSpan.Zero || SecondServer(call.Model, tried) is not { } other)
        {
            return await first.ConfigureAwait(false);
        }

        tried.Add(other);
        var second = AttemptAsync(call, other, still, over.Token);
        var sooner = await Task.WhenAny(first, second).ConfigureAwait(false);
        var outcome = await sooner.ConfigureAwait(false);
        if (!outcome.Final)
        {
            outcome = await (sooner == first ? second : first).ConfigureAwait(false);
        }

        // The loser leaves its queue; it is not waited for, since a server that hangs would hold the answer.
        await over.CancelAsync().ConfigureAwait(false);
        return outcome;
    }

    private RemoteServer? SecondServer(string model, HashSet<RemoteServer> tried)
    {
        lock (gate)
        {
            if (hedges < 1)
            {
                return null;
            }
        }

        var other = pool.Take(model, tried, any: false);
        if (other is not null)
        {
            lock (gate)
            {
                hedges--;
            }
        }

        return other;
    }

    private async Task<Outcome<T>> AttemptAsync<T>(RemoteCall<T> call, RemoteServer server, TimeSpan left, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Gone);
        var start = time.GetTimestamp();
        try
        {
            using var request = call.Request(server, left);
            if (options.ApiKey is { } key)
            {
                request.Headers.Add("X-API-Key", key);
            }

            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                var value = await call.Read(response, either.Token).ConfigureAwait(false);
                pool.Answered(server);
                latencies.Add(time.GetElapsedTime(start));
                return new Outcome<T>(OutcomeKind.Answered, value, null);
            }

            var (kind, problem) = await RemoteAnswer.RefusalAsync(response, server.Address, either.Token).ConfigureAwait(false);
            pool.Answered(server);
            if (kind == OutcomeKind.Full)
            {
                pool.Full(server, call.Model, problem.RetryAfter ?? FullWithoutWord);
            }

            return new Outcome<T>(kind, default, problem);
        }
        catch (ProblemException unreadable)
        {
            return new Outcome<T>(OutcomeKind.Refused, default, new ProblemException(
                new Problem("server-answer-invalid", $"The inference server's answer cannot be read: {unreadable.Problem.Message}", server.Address.Authority), unreadable));
        }
        catch (OperationCanceledException given) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for it any more, and the server is not to blame.
            return new Outcome<T>(OutcomeKind.Broken, default, Unreached(server, "it was given up", given));
        }
        catch (HttpRequestException large) when (large.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new Outcome<T>(OutcomeKind.Refused, default, new ProblemException(
                new Problem("request-too-large", $"The answer has more than {options.Limits.BodyBytes} bytes; send the rows in several requests.", server.Address.Authority), large));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            pool.Broken(server);
            return new Outcome<T>(OutcomeKind.Broken, default, Unreached(server, broken is OperationCanceledException ? "it stopped answering" : broken.Message, broken))
            {
                Sent = broken is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.UserAuthenticationError },
            };
        }
        finally
        {
            pool.Release(server);
        }
    }

    private static ProblemException Unreached(RemoteServer server, string why, Exception inner) =>
        new(new Problem(Unavailable, $"{server.Address.Authority}: {why}"), inner);
}
