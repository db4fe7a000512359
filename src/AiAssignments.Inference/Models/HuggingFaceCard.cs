using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Models;

/// <summary>Makes a card from the configuration files of a Hugging Face export.</summary>
internal static class HuggingFaceCard
{
    private const string Code = "model-config-invalid";
    private const int LongestWithoutWord = 512;

    // fairseq's models keep two positions for padding (transformers, create_position_ids_from_input_ids).
    private static readonly HashSet<string> PositionsFromTwo =
        ["roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer", "data2vec-text", "xmod", "mpnet", "ibert"];

    public static ModelCard Read(string folder, string tokenizerFolder, string name, OnnxSignature signature, ModelOverrides said, List<string> notes)
    {
        var path = Path.Combine(folder, "config.json");
        using var document = JsonFields.Load(path, Code);
        var config = new JsonFields(document.RootElement, path, Code);
        var task = said.Task ?? Task(config, path);
        if (config.Text("problem_type") is { } problem && problem != "single_label_classification")
        {
            throw new ProblemException("model-unsupported", $"The model is made for '{problem}'; only single-label classification is evaluated.", path);
        }

        return new()
        {
            Name = name,
            Version = CardOverrides.VersionFromHash,
            Task = task,
            Labels = said.Labels ?? Labels(config, signature, path, notes),
            Tokenizer = task == ModelTask.ImageClassification
                ? null
                : new(TokenizerFiles.NeedKind(tokenizerFolder), said.MaxLength ?? MaxLength(config, tokenizerFolder, notes)),
            Image = task == ModelTask.ImageClassification ? HuggingFaceImage.Read(folder, config, signature) : null,
        };
    }

    private static ModelTask Task(JsonFields config, string path)
    {
        var architectures = config.Texts("architectures") ?? [];
        foreach (var architecture in architectures)
        {
            if (architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
            {
                return ModelTask.TextClassification;
            }

            if (architecture.EndsWith("ForTokenClassification", StringComparison.Ordinal))
            {
                return ModelTask.TokenClassification;
            }

            if (architecture.EndsWith("ForImageClassification", StringComparison.Ordinal))
            {
                return ModelTask.ImageClassification;
            }
        }

        throw new ProblemException(
            "model-unsupported",
            $"'architectures' is {(architectures.Count == 0 ? "missing" : string.Join(", ", architectures))}; one that ends with ForSequenceClassification, ForTokenClassification or ForImageClassification is needed, or say the task.",
            path);
    }

    private static List<string> Labels(JsonFields config, OnnxSignature signature, string path, List<string> notes)
    {
        if (config.Raw("id2label") is { } map && config.Object("id2label") is { } names)
        {
            var labels = new SortedDictionary<int, string>();
            foreach (var key in map.EnumerateObject().Select(entry => entry.Name))
            {
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || !labels.TryAdd(index, names.NeedText(key)))
                {
                    throw config.Wrong("id2label", $"a map from 0, 1, 2 … to label names; '{key}' is no such number or comes twice");
                }
            }

            return labels.Keys.SequenceEqual(Enumerable.Range(0, labels.Count)) ? [.. labels.Values] : throw config.Wrong("id2label", "a map from 0, 1, 2 … without gaps");
        }

        var count = config.Int("num_labels", 1, 100_000) ?? FixedLabels(signature)
            ?? throw new ProblemException(Code, "Neither 'id2label' nor 'num_labels' is there, and the graph does not fix its outputs; say the labels.", path);
        notes.Add("config.json names no labels (id2label); they are called LABEL_0, LABEL_1 …, as Hugging Face does.");
        return [.. Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"LABEL_{index}"))];
    }

    // A scalar has no last size; an absurd one is refused with the card, before that many names are made.
    private static int? FixedLabels(OnnxSignature signature) =>
        signature.Outputs.FirstOrDefault(output => output.Name == "logits")?.Shape is { Count: > 0 } shape && shape[^1].Size is { } size
            ? (int)Math.Min(size, ModelCardCheck.MostLabels + 1)
            : null;

    private static int MaxLength(JsonFields config, string folder, List<string> notes)
    {
        var positions = config.Int("max_position_embeddings", 1, int.MaxValue);
        if (positions is > 2 && PositionsFromTwo.Contains(config.Text("model_type") ?? string.Empty))
        {
            positions -= 2;
        }

        // Relative positions (T5, DeBERTa without) are written as a non-positive number by some; those have no limit of their own.
        int? tokenizer = null;
        var path = Path.Combine(folder, "tokenizer_config.json");
        if (File.Exists(path))
        {
            using var document = JsonFields.Load(path, Code);

            // "No limit" is written as 1e30 there.
            if (new JsonFields(document.RootElement, path, Code).Number("model_max_length") is { } longest and >= 1 and < ModelCardCheck.LongestInput)
            {
                tokenizer = (int)longest;
            }
        }

        if (positions is null && tokenizer is null)
        {
            notes.Add($"Neither config.json nor tokenizer_config.json says the longest input; {LongestWithoutWord} tokens are used.");
        }

        return Math.Min(Math.Min(positions ?? int.MaxValue, tokenizer ?? int.MaxValue), positions is null && tokenizer is null ? LongestWithoutWord : ModelCardCheck.LongestInput);
    }
}
