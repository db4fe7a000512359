using System.Collections.Concurrent;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Serving.Support;

/// <summary>A source and a loader of models that have real packages and fake graphs.</summary>
internal sealed class FakeModels : IModelSource, IGraphLoader, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<ModelKey, ModelPackage> packages = new();

    public ConcurrentDictionary<string, string> Active { get; } = new();

    public ConcurrentDictionary<ModelKey, FakeRunner> Runners { get; } = new();

    public ConcurrentQueue<ModelKey> Loads { get; } = new();

    public ConcurrentQueue<ModelKey> Disposals { get; } = new();

    /// <summary>Run in a load, on the loading thread.</summary>
    public Action<ModelKey> OnLoad { get; set; } = _ => { };

    public Action<ModelKey> OnWarmUp { get; set; } = _ => { };

    public Action<ModelKey> OnShrink { get; set; } = _ => { };

    /// <summary>Bytes that each model takes.</summary>
    public long Size { get; set; } = 100;

    public FakeRunner Add(string name, string version, bool active = true)
    {
        var key = new ModelKey(name, version);
        var path = folder.File($"{name}-{version}");
        TinyGraphs.Text().Write(Path.Combine(path, "model.onnx"));
        File.WriteAllText(Path.Combine(path, "model-card.json"), ModelCardJson.Write(Packages.Card(ModelTask.TextClassification, 3, 64) with { Name = name, Version = version }));
        packages[key] = ModelFolder.Open(path);
        if (active)
        {
            Active[name] = version;
        }

        return Runners[key] = new();
    }

    /// <summary>Puts another content in the place of a version's, and a runner of its own behind it.</summary>
    public FakeRunner Replace(string name, string version, string hash)
    {
        var key = new ModelKey(name, version);
        packages[key] = packages[key] with { ContentHash = hash };
        return Runners[key] = new();
    }

    public void Remove(string name)
    {
        Active.TryRemove(name, out _);
        foreach (var key in packages.Keys.Where(key => key.Name == name))
        {
            packages.TryRemove(key, out _);
        }
    }

    public Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelKey>>([.. packages.Keys]);

    public Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Active.TryGetValue(name, out var version) ? new ModelKey(name, version) : (ModelKey?)null);

    public Task<ModelPackage?> OpenAsync(ModelKey key, CancellationToken cancellationToken) => Task.FromResult(packages.GetValueOrDefault(key));

    public long Estimate(ModelPackage package) => Size;

    public IServedGraph Load(ModelPackage package)
    {
        var key = new ModelKey(package.Card.Name, package.Card.Version);
        Loads.Enqueue(key);
        OnLoad(key);
        return new FakeGraph(Runners[key], () => OnWarmUp(key), () => OnShrink(key), () => Disposals.Enqueue(key));
    }

    public void Dispose() => folder.Dispose();
}
