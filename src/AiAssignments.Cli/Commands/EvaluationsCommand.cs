using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia evaluations</c>: list; <c>cancel ID</c>; <c>delete ID</c>.</summary>
internal static class EvaluationsCommand
{
    public static Command Create()
    {
        var command = new Command("evaluations", "List the evaluations, newest first.");
        var common = new CommonOptions(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var jobs = await runtime.Evaluations.ListAsync(cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(jobs);
            }
            else
            {
                foreach (var job in jobs)
                {
                    await Console.Out.WriteLineAsync(Line(job)).ConfigureAwait(false);
                }
            }

            return ExitCodes.Done;
        });
        command.Subcommands.Add(Act("cancel", "Cancel a running evaluation; asked for again, it goes on from there.", async (runtime, job, token) =>
        {
            await runtime.Evaluations.CancelAsync(job.Id, token).ConfigureAwait(false);
            return $"cancelled {job.Id}";
        }));
        command.Subcommands.Add(Act("delete", "Delete an evaluation with its report.", async (runtime, job, token) =>
        {
            await runtime.Evaluations.DeleteAsync(job.Id, token).ConfigureAwait(false);
            return $"deleted {job.Id}";
        }));
        return command;
    }

    private static Command Act(string name, string description, Func<EmbeddedRuntime, EvaluationJob, CancellationToken, Task<string>> act)
    {
        var id = new Argument<string>("ID") { Description = "Evaluation id, or the start of it." };
        var command = new Command(name, description) { id };
        var common = new CommonOptions(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var reference = parsed.GetValue(id)!;
            var job = await runtime.Evaluations.FindAsync(reference, cancellationToken).ConfigureAwait(false)
                ?? throw new ProblemException("evaluation-not-found", $"No evaluation has the id '{reference}'.");
            var said = await act(runtime, job, cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(new { job.Id, Done = name });
            }
            else
            {
                await Console.Out.WriteLineAsync(said).ConfigureAwait(false);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Line(EvaluationJob job)
    {
        var result = job.Outcome is { } outcome
            ? $"{outcome.Metric} {Estimates.Percent(outcome.Headline)} on {SafeText.Of(outcome.Dataset)}"
            : SafeText.Of(job.Problem?.ToString() ?? job.Progress?.Stage ?? string.Empty, 300);
        return $"{job.Id[..8]}  {job.Status.ToString().ToLowerInvariant(),-9}  {job.Request.Model}  {result}";
    }
}
