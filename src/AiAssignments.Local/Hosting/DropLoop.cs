using System.Threading.Channels;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Local.Drops;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Local.Hosting;

/// <summary>
/// The main job: register the sample models, drop the sample datasets, evaluate whatever lies in <c>datasets/</c>, print the table, keep watching.
/// Drops are taken in as they come, also while others are evaluated; results are shown batch by batch. One bad drop is a remark, never the end.
/// </summary>
internal sealed class DropLoop(
    EmbeddedRuntime runtime, Arrivals arrivals, LocalOptions options, ProgressView view, IAnsiConsole console, HostState state, IHostApplicationLifetime lifetime, ILogger<DropLoop> logger)
    : BackgroundService
{
    private TextWriter Output => console.Profile.Out.Writer;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Serving comes first: the web server is up before a model is touched.
        await Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await runtime.RegisterBundledModelsAsync(stoppingToken).ConfigureAwait(false);
            if (options.Samples)
            {
                runtime.DropSamples();
            }

            state.Ready = true;
            var batches = Channel.CreateUnbounded<Task<Batch>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
            var taking = TakeInAsync(batches.Writer, stoppingToken);
            await ShowAsync(batches.Reader, stoppingToken).ConfigureAwait(false);
            await taking.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped by the user: whatever was under way goes on at the next start.
        }
        catch (Exception error)
        {
            state.Failure = (error as ProblemException)?.Problem ?? new Problem("internal-error", $"The drop loop ended: {error.Message}");
            logger.LogDebug(error, "The drop loop ended");
            lifetime.StopApplication();
        }
    }

    private async Task TakeInAsync(ChannelWriter<Task<Batch>> batches, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var drops in arrivals.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                // Handed on before it is done, so that staging shows too.
                var batch = StartAsync(drops, cancellationToken);
                batches.TryWrite(batch);
                await ((Task)batch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            batches.Complete();
        }
    }

    private async Task ShowAsync(ChannelReader<Task<Batch>> batches, CancellationToken cancellationToken)
    {
        await foreach (var starting in batches.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var outcomes = new List<EvaluationOutcome>();
            var remarks = new List<string>();
            await view.RunAsync(async () =>
            {
                var batch = await starting.ConfigureAwait(false);
                remarks.AddRange(batch.Remarks);
                foreach (var (name, id) in batch.Started)
                {
                    await WaitAsync(name, id, outcomes, remarks, cancellationToken).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);

            if (outcomes.Count > 0)
            {
                ResultsTable.Write(console, outcomes, outcome => runtime.FilePath(outcome.ReportFolder + ReportFiles.Html));
            }

            foreach (var remark in remarks)
            {
                await Output.WriteLineAsync(remark).ConfigureAwait(false);
            }

            await Output.WriteLineAsync($"Watching {arrivals.Place}: copy a dataset in, and its report appears. Ctrl+C stops.").ConfigureAwait(false);
        }
    }

    private async Task<Batch> StartAsync(IReadOnlyList<Arrival> drops, CancellationToken cancellationToken)
    {
        var batch = new Batch([], []);
        foreach (var drop in drops)
        {
            var name = SafeText.Of(drop.Name);
            try
            {
                var (dataset, remark) = await drop.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (dataset is not { } accepted)
                {
                    if (remark is not null)
                    {
                        batch.Remarks.Add($"{name}: {remark}");
                    }

                    continue;
                }

                batch.Started.AddRange(accepted.Evaluations.Select(id => (name, id)));
                if (accepted is { Evaluations.Count: 0, Skipped.Count: 0, Stopped: 0 })
                {
                    batch.Remarks.Add($"{name}: no model is registered for {accepted.Task.Name()}; {arrivals.AddModel}");
                }
                else if (accepted.Evaluations.Count == 0)
                {
                    batch.Remarks.AddRange(accepted.Skipped.Select(skipped => $"{name} was not scored with {skipped.Model}: {SafeText.Of(skipped.Reason.ToString(), 1000)}"));
                }
            }
            catch (ProblemException refused)
            {
                batch.Remarks.Add($"{name} was refused: {SafeText.Of(refused.Problem.ToString(), 1000)}");
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogDebug(error, "{Name} could not be taken in", name);
                batch.Remarks.Add($"{name} could not be taken in: {SafeText.Of(error.Message, 1000)} [{error.GetType().Name}]");
            }
        }

        return batch;
    }

    private async Task WaitAsync(string name, string id, List<EvaluationOutcome> outcomes, List<string> remarks, CancellationToken cancellationToken)
    {
        try
        {
            var job = await runtime.Evaluations.WaitAsync(id, cancellationToken).ConfigureAwait(false);
            if (job is { Status: WorkflowStatus.Completed, Outcome: { } outcome })
            {
                outcomes.Add(outcome);
                return;
            }

            var why = job.Problem is { } problem ? $": {SafeText.Of(problem.ToString(), 1000)}" : string.Empty;
            remarks.Add($"{name} with {job.Request.Model} {job.Status.ToString().ToLowerInvariant()}{why}");
        }
        catch (ProblemException gone)
        {
            // Deleted while it was waited for.
            remarks.Add($"{name}: {SafeText.Of(gone.Problem.ToString(), 1000)}");
        }
    }

    private sealed record Batch(List<(string Name, string Id)> Started, List<string> Remarks);
}
