using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Models;

/// <summary>Reads and writes <c>model-card.json</c>: the card in camelCase, the task by its wire name.</summary>
public static class ModelCardJson
{
    /// <summary>Name of the file beside <c>model.onnx</c>.</summary>
    public const string FileName = "model-card.json";

    internal const string Code = "model-card-invalid";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new TaskConverter() },
    };

    /// <summary>The card as JSON text with <c>\n</c> line ends.</summary>
    /// <param name="card">The card.</param>
    public static string Write(ModelCard card) => JsonSerializer.Serialize(card, Options) + "\n";

    /// <summary>Reads a card.</summary>
    /// <param name="path">The file.</param>
    /// <param name="defaultName">Name of the model when the card has none.</param>
    /// <param name="defaultVersion">Version when the card has none.</param>
    /// <exception cref="ProblemException"><c>model-card-invalid</c>: names the property, and what it must be.</exception>
    public static ModelCard Read(string path, string defaultName = "model", string defaultVersion = "0")
    {
        if (!File.Exists(path))
        {
            throw new ProblemException(Code, "There is no such file.", path);
        }

        using var document = JsonFields.Load(path, Code);
        var fields = new JsonFields(document.RootElement, path, Code);
        var card = new ModelCard
        {
            Name = fields.Text("name") ?? defaultName,
            Version = fields.Text("version") ?? defaultVersion,
            Task = ReadTask(fields, path),
            Labels = fields.Texts("labels") ?? throw fields.Wrong("labels", "a list of strings, one for each output of the model"),
            Tokenizer = fields.Object("tokenizer") is { } tokenizer ? ReadTokenizer(tokenizer) : null,
            Image = fields.Object("image") is { } image ? ReadImage(image) : null,
            Description = fields.Text("description"),
            License = fields.Text("license"),
            TrainingData = fields.Text("trainingData"),
            Claims = ReadClaims(fields),
            Lineage = fields.Object("lineage") is { } lineage ? new(lineage.NeedText("derivedFrom"), lineage.NeedText("pass"), lineage.Text("options"), lineage.Text("gateDataset")) : null,
        };
        fields.RefuseOthers();
        ModelCardCheck.Check(card, path);
        return card;
    }

    private static ModelTask ReadTask(JsonFields fields, string path)
    {
        var name = fields.NeedText("task");
        try
        {
            return ModelTasks.Parse(name);
        }
        catch (ProblemException unknown)
        {
            throw new ProblemException(new(Code, $"'task': {unknown.Problem.Message}", path), unknown);
        }
    }

    private static TokenizerSpec ReadTokenizer(JsonFields fields)
    {
        var spec = new TokenizerSpec(
            fields.NeedText("kind"),
            fields.NeedInt("maxLength", 1, ModelCardCheck.LongestInput),
            fields.Int("stride", 0, ModelCardCheck.LongestInput),
            fields.Flag("lowercase"),
            fields.Object("hashedNGrams") is { } hashed ? ReadHashed(hashed) : null);
        fields.RefuseOthers();
        return spec;
    }

    private static HashedNGramOptions ReadHashed(JsonFields fields)
    {
        var options = new HashedNGramOptions(
            fields.NeedInt("buckets", 2, 1 << 28),
            fields.NeedInt("wordNGrams", 0, 16),
            fields.NeedInt("charNGramMin", 0, 64),
            fields.NeedInt("charNGramMax", 0, 64),
            fields.Int("idsPerWord", 0, 4096) ?? 0);
        fields.RefuseOthers();
        return options;
    }

    private static ImagePreprocessing ReadImage(JsonFields fields)
    {
        var channels = fields.NeedInt("channels", 1, 3);
        var image = new ImagePreprocessing(
            fields.NeedInt("width", 1, ModelCardCheck.LargestImage),
            fields.NeedInt("height", 1, ModelCardCheck.LargestImage),
            channels,
            fields.Text("layout") ?? "NCHW",
            fields.Text("channelOrder") ?? "RGB",
            fields.Number("scale") ?? 1.0 / 255,
            fields.Numbers("mean") ?? [.. Enumerable.Repeat(0.0, channels)],
            fields.Numbers("std") ?? [.. Enumerable.Repeat(1.0, channels)],
            fields.Text("resize") ?? "stretch",
            fields.Int("shortestEdge", 1, ModelCardCheck.LargestImage),
            fields.Text("resample") ?? "bilinear");
        fields.RefuseOthers();
        return image;
    }

    private static Dictionary<string, double>? ReadClaims(JsonFields fields)
    {
        if (fields.Raw("claims") is not { } claims)
        {
            return null;
        }

        var inner = fields.Object("claims")!;
        return claims.EnumerateObject().Select(claim => claim.Name).Distinct()
            .ToDictionary(name => name, name => inner.Number(name) ?? throw inner.Wrong(name, "a finite number"), StringComparer.Ordinal);
    }

    private sealed class TaskConverter : JsonConverter<ModelTask>
    {
        public override ModelTask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ModelTasks.Parse(reader.GetString() ?? string.Empty);

        public override void Write(Utf8JsonWriter writer, ModelTask value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
    }
}
