using System.CommandLine;
using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia models</c>: list; <c>aia models add PATH</c>: register.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the registered models.");
        var common = new CommonOptions(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var versions = await runtime.Models.ListAsync(cancellationToken).ConfigureAwait(false);
            Show(versions, common.Json(parsed));

            return ExitCodes.Done;
        });
        command.Subcommands.Add(Add());
        return command;
    }

    private static Command Add()
    {
        var path = new Argument<string>("PATH") { Description = "A model folder, or an .onnx file." };
        var command = new Command("add", "Register a model; its name stands for it from now on.") { path };
        var common = new CommonOptions(command);
        var models = new ModelOptionSet(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var version = await runtime.Models.RegisterAsync(parsed.GetValue(path)!, models.Read(parsed), activate: true, cancellationToken).ConfigureAwait(false);
            Show([version], common.Json(parsed));

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(IReadOnlyList<ModelVersion> versions, bool json)
    {
        if (json)
        {
            CommandLine.WriteJson(versions);
            return;
        }

        if (!Consoles.Out.Profile.Out.IsTerminal)
        {
            foreach (var version in versions)
            {
                Console.Out.WriteLine($"{version.Reference}\t{version.Card.Task.Name()}\t{version.Card.Labels.Count} labels\t{version.SizeBytes} bytes\t{StateOf(version)}");
            }

            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Model", "Task", "Labels", "Size", "Weights", "State");
        foreach (var version in versions)
        {
            table.AddRow(
                new Text(version.Reference),
                new Text(version.Card.Task.Name()),
                new Text(SafeText.Of(string.Join(", ", version.Card.Labels), 48)),
                new Text(FormattableString.Invariant($"{version.SizeBytes / 1e6:F1} MB")),
                new Text(Estimates.Count(version.Parameters)),
                new Text(StateOf(version)));
        }

        Consoles.Out.Write(table);
    }

    private static string StateOf(ModelVersion version) => version switch
    {
        { Active: true } => "active",
        { Gate: GateState.Refused } => "refused by its gate",
        { Gate: GateState.Candidate } => "not judged yet",
        _ => "inactive",
    };
}
