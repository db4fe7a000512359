using System.Collections.Concurrent;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// Predictions by way of the cache, input by input. Of one request only what is neither kept nor under way goes to the model, in one call; the same input of
/// requests that come meanwhile waits for that call. Errors and refusals are not kept. Thread-safe.
/// </summary>
internal sealed class CachedPredictor(IPredictor inner, ModelIndex index, AnswerStore answers, TimeProvider time) : IPredictor
{
    private const int Joins = 2;

    private readonly ConcurrentDictionary<string, PendingInput> pending = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<PredictionResult> PredictAsync(
        string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
    {
        var found = index.FindAsync(name, version, cancellationToken);
        return found.IsCompletedSuccessfully
            ? PredictAsync(found.Result, name, version, inputs, options, cancellationToken)
            : ThenPredictAsync(found, name, version, inputs, options, cancellationToken);
    }

    private async Task<PredictionResult> ThenPredictAsync(
        ValueTask<ServedModel?> found, string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken) =>
        await PredictAsync(await found.ConfigureAwait(false), name, version, inputs, options, cancellationToken).ConfigureAwait(false);

    private Task<PredictionResult> PredictAsync(
        ServedModel? model, string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
    {
        // What is refused is refused by the predictor, in its words.
        if (model is null || options.Fresh || options.TopK < 1 || inputs.Count == 0)
        {
            return inner.PredictAsync(name, version, inputs, options, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<PredictionResult>(cancellationToken);
        }

        var request = new PredictionRequest(model, name, version, inputs, options, LabelTiers.Of(options.TopK));
        var kept = request.FindIn(answers);
        answers.Counts.Memory(kept, inputs.Count - kept);
        return kept == inputs.Count ? Task.FromResult(request.Result(model.Key, default)) : RunAsync(request, cancellationToken);
    }

    private async Task<PredictionResult> RunAsync(PredictionRequest request, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var join = 1; join <= Joins; join++)
        {
            var (own, runs) = Claim(request);
            if (own is not null)
            {
                _ = AnswerAsync(own, request);
            }

            await WaitAsync(own, runs, request.Options.Timeout - time.GetElapsedTime(since), cancellationToken).ConfigureAwait(false);
            if (own?.Failure is ProblemException { Problem.Where: { } where } && own.Sent.Count < request.Inputs.Count && where.StartsWith("input ", StringComparison.Ordinal))
            {
                // The position is one among those that were sent; the caller wants it among its own.
                break;
            }

            if (runs.FirstOrDefault(run => run.Failure is not null && (run == own || !MayTryAgain(run, request))) is { } failed)
            {
                failed.ThrowFailure();
            }

            if (runs.All(run => run.Failure is null))
            {
                var key = runs[0].Model;
                if (runs.Any(run => run.Model != key) || (key != request.Model.Key && (request.Version is not null || request.Kept > 0)))
                {
                    // A promotion came in between; one answer does not mix two versions.
                    break;
                }

                return request.Result(key, TimingOf(runs));
            }

            // What was answered is kept by now; the rest is claimed again.
            request.FindIn(answers);
            if (request.Kept == request.Inputs.Count)
            {
                return request.Result(request.Model.Key, default);
            }
        }

        return await inner.PredictAsync(request.Name, request.Version, request.Inputs, request.Options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a run of somebody else failed for a reason that need not be this request's: another input of it, or its shorter patience.</summary>
    private static bool MayTryAgain(PredictionRun run, PredictionRequest request)
    {
        var impatient = run.Failure is ProblemException { Problem.Code: "deadline-exceeded" }
            && run.Options.Timeout is { } theirs && (request.Options.Timeout is not { } ours || ours > theirs);
        return impatient || run.Inputs.Exists(input => !request.Awaits(input));
    }

    // Every input that is not kept gets its place: in a run under way, or in this request's own.
    private (PredictionRun? Own, List<PredictionRun> Runs) Claim(PredictionRequest request)
    {
        var own = new PredictionRun(request.Options);
        var runs = new List<PredictionRun>();
        try
        {
            for (var i = 0; i < request.Inputs.Count; i++)
            {
                if (request.IsKept(i))
                {
                    continue;
                }

                var claim = new PendingInput(own, request.Keys[i]!, request.Inputs[i]);
                var place = Place(claim, runs);
                request.Await(i, place);
                if (place == claim)
                {
                    own.Inputs.Add(claim);

                    // Kept by a run that ended between the look and the claim.
                    claim.Answer = answers.Find(claim.Key);
                    claim.Cached = claim.Answer is not null;
                }
            }
        }
        catch (Exception failure)
        {
            runs.ForEach(run => run.Leave());
            End(own, failure);
            throw;
        }

        if (own.Inputs.Count == 0)
        {
            return (null, runs);
        }

        runs.Insert(0, own);
        return (own, runs);
    }

    private PendingInput Place(PendingInput claim, List<PredictionRun> joined)
    {
        while (true)
        {
            var place = pending.GetOrAdd(claim.Key, claim);
            if (place.Run == claim.Run || joined.Contains(place.Run))
            {
                return place;
            }

            if (place.Run.TryJoin())
            {
                joined.Add(place.Run);
                return place;
            }

            // Given up by all who waited for it; it does not hold the place for others.
            pending.TryRemove(KeyValuePair.Create(claim.Key, place));
        }
    }

    private async Task AnswerAsync(PredictionRun run, PredictionRequest request)
    {
        try
        {
            await answers.FillFromSharedAsync(request.Model, request.Labels, run.Inputs.FindAll(input => input.Answer is null)).ConfigureAwait(false);
            run.Sent = run.Inputs.FindAll(input => input.Answer is null);
            var (key, timing) = (request.Model.Key, default(ServeTiming));
            if (run.Sent.Count > 0)
            {
                var result = await AskAsync(run, request).ConfigureAwait(false);
                if (result.Model != key && run.Sent.Count < run.Inputs.Count)
                {
                    // Another version serves, and what is kept is of this one: one answer does not mix the two.
                    run.Sent = run.Inputs;
                    result = await AskAsync(run, request).ConfigureAwait(false);
                }

                (key, timing) = (result.Model, result.Timing);
            }

            // Kept first and given free then: who comes in between finds the one or the other.
            Release(run);
            run.Succeed(key, timing);
        }
        catch (Exception failure)
        {
            End(run, failure);
        }
    }

    private async Task<PredictionResult> AskAsync(PredictionRun run, PredictionRequest request)
    {
        var options = run.Options with { TopK = request.Labels };
        var result = await inner.PredictAsync(request.Name, request.Version, [.. run.Sent.Select(sent => sent.Input)], options, run.Abandoned).ConfigureAwait(false);
        for (var i = 0; i < run.Sent.Count; i++)
        {
            (run.Sent[i].Answer, run.Sent[i].Cached) = (result.Answers[i], false);
            if (result.Model == request.Model.Key)
            {
                await answers.KeepAsync(run.Sent[i].Key, result.Answers[i]).ConfigureAwait(false);
            }
        }

        return result;
    }

    private void End(PredictionRun run, Exception failure)
    {
        Release(run);
        run.Fail(failure);
    }

    private void Release(PredictionRun run)
    {
        foreach (var input in run.Inputs)
        {
            pending.TryRemove(KeyValuePair.Create(input.Key, input));
        }
    }

    // The own run keeps to the timeout by itself; a run of others may have a longer one.
    private async Task WaitAsync(PredictionRun? own, List<PredictionRun> runs, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            var joined = runs.Where(run => run != own && !run.Completed.IsCompleted).Select(run => run.Completed).ToList();
            if (own is not null)
            {
                await own.Completed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (joined.Count > 0)
            {
                var patience = timeout is { } rest && rest < TimeSpan.FromDays(1) ? (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) : Timeout.InfiniteTimeSpan;
                await Task.WhenAll(joined).WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            throw new ProblemException("deadline-exceeded", "The same input was asked for by another request, and its answer did not come within this request's timeout; ask again, or with a longer one.");
        }
        finally
        {
            runs.ForEach(run => run.Leave());
        }
    }

    private static ServeTiming TimingOf(List<PredictionRun> runs) => new(
        runs.Max(run => run.Timing.Queue), runs.Max(run => run.Timing.Tokenize), runs.Max(run => run.Timing.Inference));
}
