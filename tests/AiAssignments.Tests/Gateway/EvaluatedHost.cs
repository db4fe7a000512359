using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Gateway;

/// <summary>A gateway with the sample models and a few finished evaluations.</summary>
public sealed class EvaluatedHost : IAsyncLifetime
{
    public GatewayHost Host { get; } = new();

    internal Dataset Topics { get; private set; } = null!;

    internal Dataset Sentiment { get; private set; } = null!;

    /// <summary>Two of different options, so that they can be compared.</summary>
    internal IReadOnlyList<EvaluationJob> Evaluations { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        foreach (var name in new[] { "topic", "sentiment", "entity", "fashion" })
        {
            await ModelAsync(name, name, "1");
        }

        await ModelAsync("topic", "topic", "2");
        Topics = await Host.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), DatasetOptions.Default, CancellationToken.None);
        Sentiment = await Host.Runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "sentiment.csv"), DatasetOptions.Default, CancellationToken.None);
        Evaluations = [await EvaluateAsync("topic@1", Topics, 1), await EvaluateAsync("topic@1", Topics, 2), await EvaluateAsync("sentiment@1", Sentiment, 1)];
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>Registers a sample model under another name.</summary>
    internal Task<ModelVersion> ModelAsync(string sample, string name, string version, bool activate = false) => Host.Runtime.Models.RegisterAsync(
        Path.Combine(PipelineFixture.ModelsFolder, sample), new ModelOverrides { Name = name, Version = version }, activate, CancellationToken.None);

    internal async Task<EvaluationJob> EvaluateAsync(string model, Dataset dataset, ulong seed)
    {
        var version = await Host.Runtime.Models.GetAsync(model, CancellationToken.None);
        var (id, _) = await Host.Runtime.Evaluations.StartAsync(version, dataset, EvaluationOptions.Default with { Seed = seed, BootstrapSamples = 100 }, CancellationToken.None);
        return await Host.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
    }
}
