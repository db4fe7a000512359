using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia optimize MODEL --gate FILE --pass quantize|prune|distill</c>: a new version, accepted by what was measured.</summary>
internal static class OptimizeCommand
{
    public static Command Create()
    {
        var usual = new GateOptions();
        var model = new Argument<string>("MODEL") { Description = "A registered model (name or name@version), a model folder, or an .onnx file." };
        var gate = new Option<string>("--gate") { Description = "The dataset that decides: old and new version are scored on it.", Required = true };
        var drop = new Option<double>("--max-accuracy-drop")
        {
            Description = "Largest loss of accuracy (or entity F1) that is accepted, 0 to 1; held against the lower end of the paired interval, not against the point.",
            DefaultValueFactory = _ => usual.MaxAccuracyDrop,
        };
        var attempts = new Option<int>("--max-attempts") { Description = "With --auto: most versions tried, 1 to 16.", DefaultValueFactory = _ => usual.MostAttempts };
        var activate = new Option<bool>("--activate") { Description = "Let the model's name stand for an accepted version. Default: it is registered and can be promoted." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to copy the report to." };
        var command = new Command("optimize", "Make a smaller or faster version of a model, and measure what was gained and lost. Exit code 1 when the gate refuses it.") { model, gate, drop, attempts, activate, output };
        var common = new CommonOptions(command);
        var passes = new PassOptionSet(command);
        var models = new ModelOptionSet(command);
        var datasets = new DatasetOptionSet(command);
        var evaluations = new EvaluationOptionSet(command);
        common.SetAction(async (parsed, runtime, view, cancellationToken) =>
        {
            OptimizationOutcome? outcome = null;
            await view.RunAsync(async () =>
            {
                var version = await models.ResolveAsync(runtime, parsed.GetValue(model)!, parsed, cancellationToken).ConfigureAwait(false);
                var recognition = datasets.Read(parsed, version.Card.Task);
                var dataset = await runtime.Datasets.RegisterAsync(parsed.GetValue(gate)!, recognition, cancellationToken).ConfigureAwait(false);
                var pass = await passes.ReadAsync(parsed, runtime, recognition, cancellationToken).ConfigureAwait(false);
                var options = evaluations.Read(parsed, datasets.Read(parsed));
                var allowed = new GateOptions(parsed.GetValue(drop), parsed.GetValue(activate), parsed.GetValue(attempts));
                var (id, _) = await runtime.Optimizations.StartAsync(version, dataset, pass, allowed, options, cancellationToken).ConfigureAwait(false);
                outcome = await EndAsync(runtime, id, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            var folder = parsed.GetValue(output)?.FullName;
            if (folder is not null)
            {
                await runtime.CopyOptimizationReportAsync(outcome!.ReportFolder, folder, cancellationToken).ConfigureAwait(false);
            }

            Show(outcome!, folder is null ? runtime.FilePath(outcome!.ReportFolder + OptimizationPaths.Html) : Path.Combine(folder, OptimizationPaths.Html), common.Json(parsed));
            return outcome!.Accepted ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<OptimizationOutcome> EndAsync(EmbeddedRuntime runtime, string id, CancellationToken cancellationToken)
    {
        var job = await runtime.Optimizations.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        return job.Status switch
        {
            WorkflowStatus.Completed => job.Outcome!,
            WorkflowStatus.Cancelled => throw new OperationCanceledException(),
            _ => throw new ProblemException(job.Problem ?? new Problem("optimization-failed", "The optimization failed without saying why.")),
        };
    }

    private static void Show(OptimizationOutcome outcome, string report, bool json)
    {
        if (json)
        {
            CommandLine.WriteJson(new { Outcome = outcome, Report = report });
        }
        else
        {
            OptimizationTable.Write(Consoles.Out, outcome, report);
        }
    }
}
