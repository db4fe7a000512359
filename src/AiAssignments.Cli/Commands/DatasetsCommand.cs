using System.CommandLine;
using AiAssignments.Evaluation.Datasets.Inspection;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia datasets</c>: list; <c>aia datasets inspect FILE</c>: format, schema, label counts, first problems.</summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var command = new Command("datasets", "List the registered datasets.");
        var common = new CommonOptions(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var datasets = await runtime.Datasets.ListAsync(cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(datasets);
            }
            else
            {
                foreach (var dataset in datasets)
                {
                    await Console.Out.WriteLineAsync($"{dataset.Id[..8]}  {SafeText.Of(dataset.Name)}  {dataset.Description.Format}  {Estimates.Count(dataset.SizeBytes)} bytes").ConfigureAwait(false);
                }
            }

            return ExitCodes.Done;
        });
        command.Subcommands.Add(Inspect());
        return command;
    }

    private static Command Inspect()
    {
        var file = new Argument<string>("FILE") { Description = "A dataset: a file, or a folder in a known layout." };
        var command = new Command("inspect", "Show a dataset's format, columns, label counts and first problems. Registers nothing.") { file };
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        command.Options.Add(json);
        var datasets = new DatasetOptionSet(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var staged = await TemporaryStaging.OpenAsync(parsed.GetValue(file)!, StagingLimits.Default, cancellationToken).ConfigureAwait(false);
            var inspection = await DatasetInspector.InspectAsync(staged.Source, datasets.Read(parsed), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                CommandLine.WriteJson(inspection);
            }
            else
            {
                InspectionView.Write(Console.Out, inspection);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
