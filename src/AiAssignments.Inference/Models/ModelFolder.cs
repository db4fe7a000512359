using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Models;

/// <summary>
/// Opens a model: a Hugging Face export (what <c>optimum-cli export onnx</c> writes), a folder with <c>model.onnx</c> and <c>model-card.json</c>,
/// or a single <c>.onnx</c> file with a card or with what the user says.
/// </summary>
public static class ModelFolder
{
    private static readonly string[] DecidingFiles =
    [
        ModelCardJson.FileName, "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.txt", "vocab.json", "merges.txt", "preprocessor_config.json",
    ];

    /// <summary>Reads, checks and hashes a model. Nothing is loaded into ONNX Runtime.</summary>
    /// <param name="path">The folder or the <c>.onnx</c> file.</param>
    /// <param name="overrides">What the user says.</param>
    /// <exception cref="ProblemException">
    /// <c>model-missing</c>, <c>model-ambiguous</c>, <c>model-card-missing</c>, <c>model-card-invalid</c>, <c>model-config-invalid</c>, <c>model-unsupported</c>,
    /// <c>model-does-not-fit</c>, <c>model-label-count</c>, <c>tokenizer-missing</c>, and those of <see cref="OnnxInspector.Inspect"/>.
    /// </exception>
    public static ModelPackage Open(string path, ModelOverrides? overrides = null)
    {
        overrides ??= new ModelOverrides();
        var (folder, onnx, note) = GraphFile.Find(path);
        var signature = OnnxInspector.Inspect(onnx);
        var tokenizerFolder = TokenizerFolder(folder, onnx, overrides);
        var notes = new List<string>();
        if (note is not null)
        {
            notes.Add(note);
        }

        var card = ReadCard(path, folder, tokenizerFolder, signature, overrides, notes);
        var said = CardOverrides.Describe(overrides);
        var (hash, size) = Hash(folder, onnx, tokenizerFolder, signature, overrides, said, card.Task);
        if (card.Version == CardOverrides.VersionFromHash)
        {
            card = card with { Version = hash[ContentHasher.Prefix.Length..][..12] };
        }

        ModelCardCheck.Check(card, path);
        var binding = GraphBinder.Bind(signature, card, onnx);
        return new()
        {
            Card = card,
            OnnxPath = onnx,
            Folder = folder,
            TokenizerFolder = tokenizerFolder,
            Signature = signature,
            ContentHash = hash,
            SizeBytes = size,
            Parameters = signature.Parameters,
            Files = FilesOf(path, folder, onnx, tokenizerFolder, signature),
            Notes = notes,
            Binding = binding,
        };
    }

    private static ModelCard ReadCard(string path, string folder, string tokenizerFolder, OnnxSignature signature, ModelOverrides overrides, List<string> notes)
    {
        var name = CardOverrides.NameFrom(File.Exists(path) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(folder));
        var beside = Path.Combine(folder, ModelCardJson.FileName);
        var isFile = File.Exists(path);
        ModelCard? card = null;
        if (overrides.CardPath is { } given)
        {
            card = ModelCardJson.Read(given, name, CardOverrides.VersionFromHash);
        }
        else if (!isFile && File.Exists(beside))
        {
            card = ModelCardJson.Read(beside, name, CardOverrides.VersionFromHash);
        }
        else if (!isFile && File.Exists(Path.Combine(folder, "config.json")))
        {
            card = HuggingFaceCard.Read(folder, tokenizerFolder, name, signature, overrides, notes);
        }

        return CardOverrides.Apply(card, name, path, tokenizerFolder, signature, overrides);
    }

    private static string TokenizerFolder(string folder, string onnx, ModelOverrides overrides)
    {
        if (overrides.TokenizerFolder is { } said)
        {
            return Directory.Exists(said) ? Path.GetFullPath(said) : throw new ProblemException("tokenizer-missing", "The tokenizer's folder does not exist.", said);
        }

        // Some exports keep the tokenizer beside onnx/model.onnx.
        var inner = Path.GetDirectoryName(onnx)!;
        return TokenizerFiles.KindIn(folder) is null && TokenizerFiles.KindIn(inner) is not null ? inner : folder;
    }

    private static (string Hash, long Bytes) Hash(
        string folder, string onnx, string tokenizerFolder, OnnxSignature signature, ModelOverrides overrides, string said, ModelTask task)
    {
        var graphFolder = Path.GetDirectoryName(onnx)!;
        var names = new List<string> { Relative(folder, onnx) };
        names.AddRange(signature.ExternalFiles.Select(file => Relative(folder, Path.Combine(graphFolder, file))));
        if (Path.GetFileName(onnx) is "model.onnx" or "model_quantized.onnx" || overrides.CardPath is null)
        {
            names.AddRange(DecidingFiles.Where(file => File.Exists(Path.Combine(folder, file))));
        }

        if (overrides.CardPath is { } card)
        {
            said += File.ReadAllText(card);
        }

        if (tokenizerFolder != folder && task != ModelTask.ImageClassification)
        {
            said += ContentHasher.Hash(tokenizerFolder, DecidingFiles.Where(file => File.Exists(Path.Combine(tokenizerFolder, file))), string.Empty).Hash;
        }

        return ContentHasher.Hash(folder, names, said);
    }

    /// <summary>A single file becomes <c>model.onnx</c>; a tokenizer from elsewhere lies beside the rest; the card is written anew by whoever copies.</summary>
    private static List<ModelFile> FilesOf(string path, string folder, string onnx, string tokenizerFolder, OnnxSignature signature)
    {
        var single = File.Exists(path);
        var graphFolder = Path.GetDirectoryName(onnx)!;
        var graphName = single ? "model.onnx" : Relative(folder, onnx);
        var prefix = graphName.Contains('/', StringComparison.Ordinal) ? graphName[..(graphName.LastIndexOf('/') + 1)] : string.Empty;
        var files = new List<ModelFile> { new(graphName, onnx) };
        files.AddRange(signature.ExternalFiles.Select(file => new ModelFile(prefix + file.Replace('\\', '/'), Path.Combine(graphFolder, file))));
        foreach (var name in DecidingFiles.Where(name => name != ModelCardJson.FileName))
        {
            var beside = Path.Combine(tokenizerFolder, name);
            var own = Path.Combine(folder, name);
            if (File.Exists(beside) || (!single && File.Exists(own)))
            {
                files.Add(new ModelFile(name, File.Exists(beside) ? beside : own));
            }
        }

        return files;
    }

    private static string Relative(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');
}
