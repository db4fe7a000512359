using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Comparing;
using AiAssignments.Core.Errors;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Bench.Running;

/// <summary>Takes the steps, round after round. A step that cannot be measured is told and left; the others go on.</summary>
internal static class BenchRounds
{
    // Whoever has pressed Ctrl+C waits no longer than the process is given.
    private static readonly TimeSpan TidyingWhenStopped = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Tidying = TimeSpan.FromMinutes(2);

    /// <returns>Rounds that were measured.</returns>
    /// <exception cref="ProblemException">Not one figure could be measured: the first problem.</exception>
    public static async Task<int> MeasureAsync(BenchContext context, IBenchObserver? observer, int rounds, TimeSpan most, long start, CancellationToken cancellationToken)
    {
        var steps = BenchSteps.Of(context);
        var (going, done) = (steps.ToList(), 0);
        Exception? first = null;
        try
        {
            foreach (var step in steps)
            {
                observer?.OnStep(new BenchProgress($"Preparing: {step.Name}", 0, rounds, 0, steps.Count * rounds));
                await TryAsync(step, () => step.PrepareAsync(context, cancellationToken)).ConfigureAwait(false);
            }

            for (var round = 1; round <= rounds; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                foreach (var step in going.ToList())
                {
                    observer?.OnStep(new BenchProgress(step.Name, round, rounds, done++, steps.Count * rounds));
                    await TryAsync(step, () => step.RunAsync(context, round, cancellationToken)).ConfigureAwait(false);
                }

                if (context.Collector.IsEmpty && first is not null)
                {
                    throw first is ProblemException ? first : new ProblemException(new Problem("bench-failed", $"Nothing could be measured: {first.Message}"), first);
                }

                if (round < rounds && round >= Fewest(context) && Stopwatch.GetElapsedTime(start) + Stopwatch.GetElapsedTime(begun) > most)
                {
                    context.Collector.Note(string.Create(CultureInfo.InvariantCulture, $"Measured in {round} round{(round == 1 ? string.Empty : "s")} instead of {rounds}: another one would have ended after the {most.TotalSeconds:N0} s allowed (--time)."));
                    return round;
                }
            }

            return rounds;
        }
        finally
        {
            observer?.OnStep(new BenchProgress("Tidying up", 0, rounds, done, steps.Count * rounds));
            using var patience = new CancellationTokenSource(cancellationToken.IsCancellationRequested ? TidyingWhenStopped : Tidying);
            foreach (var step in steps)
            {
                await CleanAsync(context, step, patience.Token).ConfigureAwait(false);
            }
        }

        async Task TryAsync(IBenchStep step, Func<Task> work)
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (ProblemException) when (cancellationToken.IsCancellationRequested)
            {
                // Ctrl+C at a terminal ends the private installation too; that it does not answer then is no news.
                throw new OperationCanceledException(cancellationToken);
            }
            catch (Exception error) when (error is ProblemException or IOException or UnauthorizedAccessException or HttpRequestException or OnnxRuntimeException)
            {
                first ??= error;
                going.Remove(step);
                context.Collector.Failed.Add(step.Name);
                context.Collector.Note($"{step.Name} could not be measured to the end: {(error as ProblemException)?.Problem.ToString() ?? error.Message}");
            }
        }
    }

    // With an earlier table, as many as a verdict needs, however long they take: else what has become very slow would not be judged.
    private static int Fewest(BenchContext context) => context.Options.Baseline is null ? 1 : BenchComparison.FewestRounds;

    // The figures, or the problem that ended the bench, are worth more than a file that could not be taken away.
    private static async Task CleanAsync(BenchContext context, IBenchStep step, CancellationToken cancellationToken)
    {
        try
        {
            await step.CleanAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception left) when (left is ProblemException or IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException)
        {
            context.Collector.Note($"{step.Name}: not all that was made for the bench could be taken away ({left.Message}).");
        }

        (step as IDisposable)?.Dispose();
    }
}
