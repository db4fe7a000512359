using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol.Repository;

/// <summary>
/// A folder of models as Triton lays it out, <c>ROOT/NAME/VERSION/model.onnx</c> with whole numbers for versions, of which the highest is active; or simpler,
/// <c>ROOT/NAME/model.onnx</c>, whose version is its card's (1 without one). Looked at anew at every call, so that a version copied in is there at once.
/// </summary>
public sealed class ModelRepositoryFolder : IModelSource
{
    private const int MostModels = 10_000;
    private readonly string root;

    /// <summary>Names the folder.</summary>
    /// <param name="root">The folder.</param>
    /// <exception cref="ProblemException"><c>models-folder-missing</c>.</exception>
    public ModelRepositoryFolder(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        this.root = Path.GetFullPath(root);
        if (!Directory.Exists(this.root))
        {
            throw new ProblemException("models-folder-missing", "There is no such folder of models.", root);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ModelKey>();
        foreach (var folder in Directory.EnumerateDirectories(root).Take(MostModels).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(folder);
            if (IsName(name))
            {
                keys.AddRange(VersionsOf(name).Select(version => new ModelKey(name, version)));
            }
        }

        return Task.FromResult<IReadOnlyList<ModelKey>>(keys);
    }

    /// <inheritdoc />
    public Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<ModelKey?>(IsName(name) && VersionsOf(name) is [.., var last] ? new ModelKey(name, last) : null);

    /// <inheritdoc />
    public Task<ModelPackage?> OpenAsync(ModelKey key, CancellationToken cancellationToken)
    {
        if (!IsName(key.Name) || !IsName(key.Version) || !VersionsOf(key.Name).Contains(key.Version))
        {
            return Task.FromResult<ModelPackage?>(null);
        }

        return Task.Run<ModelPackage?>(() => Open(key), cancellationToken);
    }

    // Neither a separator nor a leading dot: a name cannot climb out of the folder, nor name a hidden file.
    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= 128 } && char.IsAsciiLetterOrDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private static bool IsNumber(string name, out long number) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && name[0] != '0';

    private static bool IsModel(string folder) =>
        File.Exists(Path.Combine(folder, "model.onnx")) || File.Exists(Path.Combine(folder, "onnx", "model.onnx")) || File.Exists(Path.Combine(folder, ModelCardJson.FileName))
        || File.Exists(Path.Combine(folder, "config.json"));

    private static string VersionOfCard(string folder)
    {
        var card = Path.Combine(folder, ModelCardJson.FileName);
        try
        {
            return File.Exists(card) && ModelCardJson.Read(card, "model", "1").Version is var said && IsName(said) ? said : "1";
        }
        catch (ProblemException)
        {
            // Said when the model is opened, to whom it concerns.
            return "1";
        }
    }

    // Ascending; the last is active.
    private List<string> VersionsOf(string name)
    {
        var folder = Path.Combine(root, name);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var numbered = new List<long>();
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (IsNumber(Path.GetFileName(inner), out var number) && IsModel(inner))
            {
                numbered.Add(number);
            }
        }

        numbered.Sort();
        return numbered.Count > 0 ? [.. numbered.Select(number => number.ToString(CultureInfo.InvariantCulture))]
            : IsModel(folder) && HasGraph(folder) ? [VersionOfCard(folder)]
            : [];
    }

    // A Triton model folder without versions may hold a card for them; it is a model itself only with a graph.
    private static bool HasGraph(string folder) =>
        Directory.EnumerateFiles(folder, "*.onnx").Any() || (Directory.Exists(Path.Combine(folder, "onnx")) && Directory.EnumerateFiles(Path.Combine(folder, "onnx"), "*.onnx").Any());

    private ModelPackage Open(ModelKey key)
    {
        var folder = Path.Combine(root, key.Name);
        var version = Path.Combine(folder, key.Version);
        var numbered = IsNumber(key.Version, out _) && Directory.Exists(version) && IsModel(version);
        var shared = Path.Combine(folder, ModelCardJson.FileName);
        var overrides = new ModelOverrides();
        if (numbered && File.Exists(shared) && !File.Exists(Path.Combine(version, ModelCardJson.FileName)) && !File.Exists(Path.Combine(version, "config.json")))
        {
            overrides = overrides with { CardPath = shared };
        }

        var package = ModelFolder.Open(numbered ? version : folder, overrides);

        // What a caller asks for is the folder's name; the card may have been written for another.
        return package with { Card = package.Card with { Name = key.Name, Version = key.Version } };
    }
}
