using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Pipeline;

/// <summary>The embedded pipeline over a data folder of its own, with the sample models that come with the project.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    public static string SamplesFolder { get; } = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples");

    public static string ModelsFolder { get; } = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models");

    public string DataFolder => folder.File("data");

    public EmbeddedRuntime Runtime { get; private set; } = null!;

    public static async Task<PipelineFixture> OpenAsync(IJournalObserver? observer = null)
    {
        var fixture = new PipelineFixture();
        await fixture.ReopenAsync(observer);
        return fixture;
    }

    public async Task ReopenAsync(IJournalObserver? observer = null)
    {
        if (Runtime is not null)
        {
            await Runtime.DisposeAsync();
        }

        Runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = DataFolder, JournalObserver = observer, MeasuringTurn = TimeSpan.Zero }, CancellationToken.None);
    }

    public Task<ModelVersion> ModelAsync(string name) =>
        Runtime.Models.RegisterAsync(Path.Combine(ModelsFolder, name), null, activate: true, CancellationToken.None);

    public Task<Dataset> SampleAsync(string name) => Runtime.Datasets.RegisterAsync(Path.Combine(SamplesFolder, name), DatasetOptions.Default, CancellationToken.None);

    public async Task<Dataset> DatasetAsync(string name, string content)
    {
        var path = folder.File(name);
        await File.WriteAllTextAsync(path, content);
        return await Runtime.Datasets.RegisterAsync(path, DatasetOptions.Default, CancellationToken.None);
    }

    public async Task<EvaluationJob> EvaluateAsync(ModelVersion model, Dataset dataset, EvaluationOptions? options = null)
    {
        var (id, _) = await Runtime.Evaluations.StartAsync(model, dataset, options ?? EvaluationOptions.Default, CancellationToken.None);
        return await Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
    }

    public async Task<EvaluationResult> ResultAsync(EvaluationOutcome outcome)
    {
        var stream = await Runtime.OpenBlobAsync(outcome.ReportFolder + ReportFiles.Json, CancellationToken.None);
        await using (stream)
        {
            return await JsonReport.ReadAsync(stream);
        }
    }

    public string PathOf(string name) => folder.File(name);

    /// <summary>Names of the files below a folder of the data folder.</summary>
    public IReadOnlyList<string> Files(string below)
    {
        var path = Path.Combine(DataFolder, below);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)] : [];
    }

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        folder.Dispose();
    }
}
