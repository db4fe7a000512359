using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Chooses which columns are input, pair, label and slices: as the user said, or by type and by the names that public datasets use.</summary>
internal sealed class ParquetColumns
{
    private static readonly string[] TextNames = ["text", "sentence", "content", "review", "sentence1", "premise", "question1", "question", "title", "document"];
    private static readonly string[] LabelNames = ["label", "labels", "sentiment", "class", "category", "target", "fine_label", "coarse_label"];
    private static readonly string[] WordsNames = ["tokens", "words"];
    private static readonly string[] TagNames = ["ner_tags", "tags", "labels", "ner", "pos_tags", "chunk_tags"];

    private static readonly (string First, string Second)[] Pairs =
    [
        ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"), ("question", "sentence"), ("text_a", "text_b"),
    ];

    private readonly List<ParquetField> fields;
    private readonly HuggingFaceFeatures? features;
    private readonly DatasetOptions options;

    private ParquetColumns(List<ParquetField> fields, HuggingFaceFeatures? features, DatasetOptions options)
    {
        this.fields = fields;
        this.features = features;
        this.options = options;
    }

    /// <summary>Describes a file.</summary>
    /// <exception cref="ProblemException"><c>dataset-column-unknown</c>, <c>parquet-no-input-column</c>: naming the columns there are.</exception>
    public static DatasetDescription Describe(ParquetFooter footer, DatasetOptions options)
    {
        var features = HuggingFaceFeatures.Parse(footer.HuggingFace);
        return new ParquetColumns(ParquetField.From(footer.Leaves), features, options).Describe(footer);
    }

    private DatasetDescription Describe(ParquetFooter footer)
    {
        var said = Said(options.InputColumn);
        var input = said ?? FindInput() ?? throw new ProblemException(
            "parquet-no-input-column", $"No column of text, words or images was found; name it as the input column. There are: {All()}.");
        var task = TaskOf(input);
        var label = Said(options.LabelColumn) ?? FindLabel(task, input);
        var pair = task == ModelTask.TextClassification ? Said(options.PairColumn) ?? FindPair(input) : null;
        if ((pair is not null && !pair.IsText) || (label is not null && label.Kind != (task == ModelTask.TokenClassification ? ParquetFieldKind.List : ParquetFieldKind.Scalar)))
        {
            var wrong = pair is not null && !pair.IsText ? pair : label!;
            throw new ProblemException("parquet-column-type", $"Column '{wrong.Name}' does not hold what is needed beside '{input.Name}'. There are: {All()}.");
        }

        var slices = options.SliceColumns.Select(name => Said(name)!).ToList();
        if (slices.Find(field => field.Kind != ParquetFieldKind.Scalar) is { } list)
        {
            throw new ProblemException("parquet-column-type", $"Column '{list.Name}' has no single value a row to slice by.");
        }

        return new DatasetDescription
        {
            Format = "parquet",
            Layout = footer.HuggingFace is null ? null : "Hugging Face export",
            Task = task,
            Columns = [.. fields.Select(field => field.Name)],
            InputColumn = input.Name,
            PairColumn = pair?.Name,
            LabelColumn = label?.Name,
            SliceColumns = [.. slices.Select(field => field.Name)],
            LabelNames = label is null ? [] : features?.Names.GetValueOrDefault(label.Name) ?? [],
            Details = new Dictionary<string, string> { ["row-groups"] = footer.RowGroups.Count.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private ModelTask TaskOf(ParquetField input)
    {
        var task = input switch
        {
            { Kind: ParquetFieldKind.Image } => ModelTask.ImageClassification,
            { IsWords: true } => ModelTask.TokenClassification,
            { IsText: true } => IsImage(input) || options.Task == ModelTask.ImageClassification ? ModelTask.ImageClassification : ModelTask.TextClassification,
            _ => throw new ProblemException("parquet-column-type", $"Column '{input.Name}' holds no text, words or images. There are: {All()}."),
        };
        return options.Task is null || options.Task == task
            ? task
            : throw new ProblemException("parquet-column-type", $"Column '{input.Name}' does not fit the task {options.Task.Value.Name()}. There are: {All()}.");
    }

    private ParquetField? FindInput() => options.Task switch
    {
        ModelTask.ImageClassification => fields.Find(IsImage),
        ModelTask.TokenClassification => FindWords(),
        ModelTask.TextClassification => FindText(),
        _ => fields.Find(IsImage) ?? (FindLabel(ModelTask.TokenClassification, null) is not null ? FindWords() : null) ?? FindText() ?? FindWords(),
    };

    private ParquetField? FindWords() => Named(WordsNames, field => field.IsWords) ?? fields.Find(field => field.IsWords);

    private ParquetField? FindText() =>
        Named(TextNames, field => field.IsText) ?? fields.Find(field => field.IsText && !LabelNames.Contains(field.Name, StringComparer.Ordinal) && !IsImage(field));

    private ParquetField? FindPair(ParquetField input) =>
        Array.Find(Pairs, pair => pair.First == input.Name).Second is { } second ? fields.Find(field => field.Name == second && field.IsText) : null;

    private ParquetField? FindLabel(ModelTask task, ParquetField? input)
    {
        if (task == ModelTask.TokenClassification)
        {
            return Named(TagNames, field => field.Kind == ParquetFieldKind.List)
                ?? fields.Find(field => field.Kind == ParquetFieldKind.List && field != input && features?.Names.ContainsKey(field.Name) == true);
        }

        return Named(LabelNames, field => field.Kind == ParquetFieldKind.Scalar && field != input)
            ?? fields.Find(field => field.Kind == ParquetFieldKind.Scalar && field != input && features?.Names.ContainsKey(field.Name) == true);
    }

    private bool IsImage(ParquetField field) =>
        field.Kind == ParquetFieldKind.Image || (field.IsText && features?.Images.Contains(field.Name) == true);

    private ParquetField? Named(string[] names, Predicate<ParquetField> fits) =>
        names.Select(name => fields.Find(field => field.Name == name && fits(field))).FirstOrDefault(field => field is not null);

    private ParquetField? Said(string? name)
    {
        if (name is null)
        {
            return null;
        }

        return fields.Find(field => field.Name == name)
            ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < fields.Count ? fields[index] : null)
            ?? throw new ProblemException("dataset-column-unknown", $"There is no column '{Tar.EntryPath.Show(name)}'. There are: {All()}.");
    }

    private string All() =>
        string.Join(", ", fields.Take(30).Select(field => $"{Tar.EntryPath.Show(field.Name)} ({(field.Kind == ParquetFieldKind.Scalar ? field.Leaf.Type.ToString() : field.Kind.ToString())})"));
}
