using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Tests.InferenceTests.Support;

namespace AiAssignments.Tests.Serving.Support;

/// <summary>One model in ONNX Runtime, with number tokens instead of a vocabulary.</summary>
internal sealed class OnePackage(ModelPackage package) : IModelSource, IGraphLoader
{
    private readonly ModelKey key = new(package.Card.Name, package.Card.Version);

    private LanePlan Plan { get; init; } = LanePlan.Of(ModelServerOptions.Default);

    public static ModelServer Serve(ModelPackage package, int lanes = 2)
    {
        var options = ModelServerOptions.Default with { Lanes = lanes, TokensPerBatch = 64, RowsPerBatch = 8, ImagesPerBatch = 4 };
        var source = new OnePackage(package) { Plan = LanePlan.Of(options) };
        return new ModelServer(source, options, source);
    }

    public Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelKey>>([key]);

    public Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken) => Task.FromResult<ModelKey?>(name == key.Name ? key : null);

    public Task<ModelPackage?> OpenAsync(ModelKey wanted, CancellationToken cancellationToken) => Task.FromResult<ModelPackage?>(wanted == key ? package : null);

    public long Estimate(ModelPackage estimated) => 1;

    public IServedGraph Load(ModelPackage loaded) =>
        ServedGraph.Open(loaded, loaded.Card.Task == ModelTask.ImageClassification ? null : new NumberTokenizer(), Plan, TimeProvider.System);
}
