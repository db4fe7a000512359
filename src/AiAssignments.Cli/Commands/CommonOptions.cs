using System.CommandLine;
using AiAssignments.Embedded;
using AiAssignments.Inference.Serving;
using AiAssignments.Local.Hosting;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary>Options that every command has, and what a command that works on a data folder has besides: the folder opened and closed, and an end when its blobs are another's.</summary>
internal sealed class CommonOptions
{
    private readonly Command command;
    private readonly Func<string, OutsideBlobs?> outside;
    private readonly Option<DirectoryInfo?> data = new("--data")
    {
        Description = "Data folder with models, datasets and reports. Default: $AIA_DATA, else ./aia-data.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Write one JSON document on the output, for programs; nothing else is written there." };

    /// <param name="command">The command.</param>
    /// <param name="outside">Where the blobs of a data folder lie. Default: where its own note says.</param>
    public CommonOptions(Command command, Func<string, OutsideBlobs?>? outside = null)
    {
        (this.command, this.outside) = (command, outside ?? AzureStorage.Noted);
        command.Options.Add(data);
        command.Options.Add(json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    public string DataFolder(ParseResult parsed) =>
        parsed.GetValue(data)?.FullName
        ?? Path.GetFullPath(Environment.GetEnvironmentVariable("AIA_DATA") is { Length: > 0 } set ? set : "aia-data");

    /// <summary>
    /// What the command does, with the data folder open, wherever its blobs lie, the sample models registered, and the view that shows progress. Its token ends it for Ctrl+C, and when
    /// the blobs are lost to another process: then the command fails with that, whatever it says itself.
    /// </summary>
    /// <param name="act">The command; gives its exit code.</param>
    public void SetAction(Func<ParseResult, EmbeddedRuntime, ProgressView, CancellationToken, Task<int>> act) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, act, cancellationToken));

    private async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, EmbeddedRuntime, ProgressView, CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        var view = new ProgressView(Consoles.Error) { Quiet = Json(parsed) };
        var serving = ModelServerOptions.Default with { WarmUp = false };
        var folder = DataFolder(parsed);
        var options = new EmbeddedOptions { DataFolder = folder, Blobs = outside(folder), Progress = view, Serving = serving };
        var runtime = await EmbeddedRuntime.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await using (runtime.ConfigureAwait(false))
        {
            return await HeldStorage.WhileAsync(
                options.Blobs?.Place,
                async held =>
                {
                    await runtime.RegisterBundledModelsAsync(held).ConfigureAwait(false);
                    return await act(parsed, runtime, view, held).ConfigureAwait(false);
                },
                runtime.BlobsLost,
                cancellationToken).ConfigureAwait(false);
        }
    }
}
