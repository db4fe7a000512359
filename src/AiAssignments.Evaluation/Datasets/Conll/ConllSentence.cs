using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Batching;

namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>Gathers the lines of one sentence, up to the first fault.</summary>
internal sealed class ConllSentence
{
    private const int MaxWords = 50_000;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly ConllColumns columns;
    private readonly Dictionary<string, string> interned = new(StringComparer.Ordinal);
    private List<string> words = [];
    private List<string> tags = [];
    private string? code;
    private string? message;
    private int bytes;

    /// <summary>Splits lines by <paramref name="columns"/>.</summary>
    public ConllSentence(ConllColumns columns) => this.columns = columns;

    /// <summary>Whether no line was added yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Adds a word's line.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="tooLong">Whether it was cut.</param>
    /// <param name="number">1-based.</param>
    /// <param name="offset">Byte offset of the line.</param>
    public void Add(ReadOnlySpan<byte> line, bool tooLong, long number, long offset)
    {
        IsEmpty = false;
        if (code is not null)
        {
            return;
        }

        bytes += line.Length;
        if (tooLong)
        {
            Fail("conll-line-too-long", $"Line {number} is longer than {ConllLineReader.MaxLineBytes} bytes.");
        }
        else if (words.Count == MaxWords || bytes > MaxBytes)
        {
            Fail("conll-sentence-too-long", $"At line {number} the sentence passes {MaxWords} words or {MaxBytes} bytes: a blank line is needed between sentences.");
        }
        else if (columns.Split(line, out var word, out var tag) is var found && found != columns.Count)
        {
            Fail("conll-columns", $"Line {number} has {found} columns where the file has {columns.Count}.");
        }
        else if (!StrictText.TryDecode(word, out var text, out var fault, out var badAt))
        {
            var inLine = line.IndexOf(word) + badAt;
            Fail(fault, $"Line {number}: {StrictText.Describe(fault, word[badAt], offset + inLine)}");
        }
        else if (!TagSyntax.IsValid(tag) || !StrictText.TryDecode(tag, out var tagText, out _, out _))
        {
            Fail("conll-tag", $"Line {number} has the tag '{Show(tag)}': O, or B, I, E or S with a hyphen and a type is needed.");
        }
        else
        {
            words.Add(text);
            tags.Add(Intern(tagText));
        }
    }

    /// <summary>Puts the sentence into a batch, good or bad, and starts anew.</summary>
    public void MoveTo(BatchBuilder batch, RecordPosition position)
    {
        if (code is not null)
        {
            batch.Add(position, code, message!);
        }
        else
        {
            batch.Add(new WordsRecord(position, words, tags, []), bytes);
        }

        words = [];
        tags = [];
        code = null;
        message = null;
        bytes = 0;
        IsEmpty = true;
    }

    private static string Show(ReadOnlySpan<byte> tag) =>
        Tar.EntryPath.Show(Encoding.UTF8.GetString(tag.Length > 40 ? tag[..40] : tag));

    // A tag set is small: one string a tag instead of one a word. A hostile file may make it large; then it starts over.
    private string Intern(string tag)
    {
        if (interned.TryGetValue(tag, out var known))
        {
            return known;
        }

        if (interned.Count >= 1024)
        {
            interned.Clear();
        }

        interned[tag] = tag;
        return tag;
    }

    private void Fail(string what, string why)
    {
        code = what;
        message = why;
        words = [];
        tags = [];
    }
}
