using System.Collections.Concurrent;
using AiAssignments.Core.Jobs;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>Shows progress while some work runs: bars on a terminal, plain lines in a pipe.</summary>
/// <param name="console">Where to.</param>
public sealed class ProgressView(IAnsiConsole console) : IProgressPublisher
{
    private readonly ConcurrentDictionary<string, JobProgress> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Stage, int Quarter)> told = new(StringComparer.Ordinal);

    /// <summary>Whether plain lines are wanted even on a terminal, or nothing at all.</summary>
    public bool Quiet { get; init; }

    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        latest[progress.JobId] = progress;
        if (!Quiet && !console.Profile.Out.IsTerminal)
        {
            TellLine(progress);
        }
    }

    /// <summary>Runs the work and shows how far its jobs have come, until it ends.</summary>
    /// <param name="work">The work; its failure comes out of this call.</param>
    public async Task RunAsync(Func<Task> work)
    {
        if (Quiet || !console.Profile.Out.IsTerminal)
        {
            await work().ConfigureAwait(false);
            return;
        }

        foreach (var ended in latest.Values.Where(progress => IsEnd(progress.Stage)).ToList())
        {
            latest.TryRemove(ended.JobId, out _);
        }

        var running = Task.Run(work);
        await console.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(context => ShowAsync(context, running)).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task ShowAsync(ProgressContext context, Task running)
    {
        var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
        while (true)
        {
            var ended = running.IsCompleted;
            foreach (var (id, progress) in latest)
            {
                var description = Markup.Escape($"{SafeText.Of(progress.Title, 48)}  {progress.Stage}");
                if (!bars.TryGetValue(id, out var bar))
                {
                    bars[id] = bar = context.AddTask(description);
                }

                bar.Description = description;
                bar.IsIndeterminate = progress.Total == 0 && !IsEnd(progress.Stage);
                bar.MaxValue = Math.Max(1, progress.Total);
                bar.Value = IsEnd(progress.Stage) ? bar.MaxValue : progress.Done;
            }

            if (ended)
            {
                return;
            }

            await Task.WhenAny(running, Task.Delay(100)).ConfigureAwait(false);
        }
    }

    private void TellLine(JobProgress progress)
    {
        var quarter = progress.Total > 0 ? (int)(progress.Done * 4 / progress.Total) : 0;
        lock (told)
        {
            // Shards publish side by side, so an older figure can come after a newer one.
            if (told.TryGetValue(progress.JobId, out var before) && before.Stage == progress.Stage && before.Quarter >= quarter)
            {
                return;
            }

            told[progress.JobId] = (progress.Stage, quarter);
            if (IsEnd(progress.Stage))
            {
                told.Remove(progress.JobId);
            }

            var amount = progress.Total > 0 && !IsEnd(progress.Stage) ? $" {quarter * 25} %" : string.Empty;
            console.Profile.Out.Writer.WriteLine($"{SafeText.Of(progress.Title)}: {progress.Stage}{amount}");
        }
    }

    private static bool IsEnd(string stage) => stage is "completed" or "failed" or "cancelled" or "staged";
}
