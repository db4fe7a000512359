namespace AiAssignments.Evaluation.Datasets.Columns;

/// <summary>Names that public datasets give to their columns, in the order in which they are preferred. Compared without case, blanks and hyphens as underscores.</summary>
internal static class ColumnNames
{
    /// <summary>Two texts that belong together.</summary>
    public static readonly (string First, string Second)[] Pairs =
    [
        ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"), ("question", "sentence"),
        ("question", "answer"), ("question", "passage"), ("query", "passage"), ("query", "document"), ("text1", "text2"),
        ("text_a", "text_b"), ("text", "text_pair"), ("sentence_a", "sentence_b"), ("string1", "string2"),
    ];

    /// <summary>One text.</summary>
    public static readonly string[] Texts =
    [
        "text", "sentence", "review", "content", "review_body", "review_text", "reviewtext", "comment", "comment_text", "tweet",
        "body", "message", "document", "article", "utterance", "sms", "phrase", "headline", "question", "query", "passage",
        "input", "title", "description",
    ];

    /// <summary>Labels.</summary>
    public static readonly string[] Labels =
    [
        "label", "labels", "class", "class_index", "sentiment", "category", "target", "gold_label", "label_text", "topic", "intent",
        "emotion", "polarity", "is_duplicate", "class_label", "class_name", "airline_sentiment", "rating", "stars", "score", "y",
    ];

    /// <summary>The words of a sentence.</summary>
    public static readonly string[] Words = ["tokens", "words"];

    /// <summary>Their tags.</summary>
    public static readonly string[] Tags = ["ner_tags", "tags", "ner", "labels", "ner_labels"];

    /// <summary>Whether some list here names it.</summary>
    /// <param name="column">A column's name as it stands in the data.</param>
    public static bool IsKnown(string column)
    {
        var name = Normal(column);
        return Texts.Contains(name) || Labels.Contains(name) || Array.Exists(Pairs, pair => pair.First == name || pair.Second == name);
    }

    /// <summary>The first of <paramref name="columns"/> with the name that stands first in <paramref name="preferred"/>.</summary>
    /// <param name="columns">The data's columns.</param>
    /// <param name="preferred">One of the lists here.</param>
    public static string? First(IReadOnlyList<string> columns, IReadOnlyList<string> preferred) =>
        preferred.Select(name => Find(columns, name)).FirstOrDefault(column => column is not null);

    /// <summary>The column of a name.</summary>
    /// <param name="columns">The data's columns.</param>
    /// <param name="name">A name from the lists here.</param>
    public static string? Find(IReadOnlyList<string> columns, string name) => columns.FirstOrDefault(column => Normal(column) == name);

    private static string Normal(string column) => column.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
