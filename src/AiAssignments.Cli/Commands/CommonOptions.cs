using System.CommandLine;
using AiAssignments.Embedded;
using AiAssignments.Inference.Serving;
using AiAssignments.Local.Hosting;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary>Options that every command has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<DirectoryInfo?> data = new("--data")
    {
        Description = "Data folder with models, datasets and reports. Default: $AIA_DATA, else ./aia-data.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Write one JSON document on the output, for programs; nothing else is written there." };

    public CommonOptions(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    public string DataFolder(ParseResult parsed) =>
        parsed.GetValue(data)?.FullName
        ?? Path.GetFullPath(Environment.GetEnvironmentVariable("AIA_DATA") is { Length: > 0 } set ? set : "aia-data");

    /// <summary>Opens the data folder, wherever its blobs lie, with the sample models registered, and the view that shows progress.</summary>
    public async Task<(EmbeddedRuntime Runtime, ProgressView View)> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var view = new ProgressView(Consoles.Error) { Quiet = Json(parsed) };
        var serving = ModelServerOptions.Default with { WarmUp = false };
        var folder = DataFolder(parsed);
        var options = new EmbeddedOptions { DataFolder = folder, Blobs = AzureStorage.Noted(folder), Progress = view, Serving = serving };
        var runtime = await EmbeddedRuntime.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await runtime.RegisterBundledModelsAsync(cancellationToken).ConfigureAwait(false);
        return (runtime, view);
    }
}
