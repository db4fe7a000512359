using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Batching;

namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>The first lines of a file, to recognize separator, columns and scheme by.</summary>
internal sealed class ConllSample
{
    private const int MaxBytes = 512 * 1024;

    // Under this share of well-formed lines it is some other text.
    private const double EnoughGood = 0.9;

    private readonly List<byte[]> lines;

    private ConllSample(List<byte[]> lines) => this.lines = lines;

    /// <summary>Reads the head of a source; empty arrays stand for blank and document lines.</summary>
    public static async ValueTask<ConllSample> ReadAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var lines = new List<byte[]>();
        var stream = await source.OpenReadAsync(0, Math.Min(source.Length, MaxBytes), cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = new ConllLineReader(stream, 0, 1);
            do
            {
                while (reader.TryNext(out var line))
                {
                    line = reader.Line == 1 && line is [0xEF, 0xBB, 0xBF, ..] ? line[3..] : line;

                    // The sample's end may cut a line.
                    if (!reader.LineTooLong && (reader.Offset < MaxBytes || source.Length <= MaxBytes))
                    {
                        lines.Add(ConllLineReader.Classify(line) == ConllLine.Word ? line.ToArray() : []);
                    }
                }
            }
            while (await reader.FillAsync(cancellationToken).ConfigureAwait(false));
        }

        return new ConllSample(lines);
    }

    /// <summary>The columns, as most lines have them, or <c>null</c> when this does not look like CoNLL.</summary>
    /// <exception cref="ProblemException">A column that the user named is not there.</exception>
    public ConllColumns? FindColumns(DatasetOptions options)
    {
        var words = lines.Where(line => line.Length > 0).ToList();
        if (words.Count == 0)
        {
            return null;
        }

        var tabs = words.Count(line => line.Contains((byte)'\t')) > words.Count / 2;
        var count = words.GroupBy(line => ConllColumns.CountIn(line, tabs)).MaxBy(group => group.Count())!.Key;
        if (count < 2)
        {
            return null;
        }

        var columns = new ConllColumns(
            tabs, count, Column(options.InputColumn, 0, count), Column(options.LabelColumn, count - 1, count));
        var good = words.Count(line => columns.Split(line, out _, out var tag) == count && TagSyntax.IsValid(tag));
        return good >= words.Count * EnoughGood ? columns : null;
    }

    /// <summary>Lets the sample's sentences vote on the scheme.</summary>
    public SchemeVote Vote(ConllColumns columns)
    {
        var vote = new SchemeVote();
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                vote.EndSentence();
            }
            else if (columns.Split(line, out _, out var tag) == columns.Count && TagSyntax.IsValid(tag)
                && StrictText.TryDecode(tag, out var text, out _, out _))
            {
                vote.Add(text);
            }
        }

        return vote;
    }

    private static int Column(string? said, int otherwise, int count)
    {
        if (said is null)
        {
            return otherwise;
        }

        return int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var column) && column < count
            ? column
            : throw new ProblemException("dataset-column-unknown", $"There is no column '{said}': CoNLL columns are named by 0-based number, here 0 to {count - 1}.");
    }
}
