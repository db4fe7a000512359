using System.Runtime.CompilerServices;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>Joins two streams of rows on the record, both in rising order, holding one row of each.</summary>
internal sealed class JoinedRows(IAsyncEnumerable<PredictionRow> a, IAsyncEnumerable<PredictionRow> b)
{
    /// <summary>Rows of A without one of B.</summary>
    public long OnlyInA { get; private set; }

    /// <summary>Rows of B without one of A.</summary>
    public long OnlyInB { get; private set; }

    /// <summary>The pairs.</summary>
    /// <exception cref="ProblemException"><c>rows-unordered</c>: a stream's records do not rise.</exception>
    public async IAsyncEnumerable<(PredictionRow A, PredictionRow B)> Pairs([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = new Cursor(a.GetAsyncEnumerator(cancellationToken));
        await using var firstScope = first.ConfigureAwait(false);
        var second = new Cursor(b.GetAsyncEnumerator(cancellationToken));
        await using var secondScope = second.ConfigureAwait(false);
        await first.NextAsync().ConfigureAwait(false);
        await second.NextAsync().ConfigureAwait(false);
        while (first.Row is { } left && second.Row is { } right)
        {
            if (left.Record == right.Record)
            {
                yield return (left, right);
                await first.NextAsync().ConfigureAwait(false);
                await second.NextAsync().ConfigureAwait(false);
            }
            else if (left.Record < right.Record)
            {
                OnlyInA++;
                await first.NextAsync().ConfigureAwait(false);
            }
            else
            {
                OnlyInB++;
                await second.NextAsync().ConfigureAwait(false);
            }
        }

        for (; first.Row is not null; await first.NextAsync().ConfigureAwait(false))
        {
            OnlyInA++;
        }

        for (; second.Row is not null; await second.NextAsync().ConfigureAwait(false))
        {
            OnlyInB++;
        }
    }

    private sealed class Cursor(IAsyncEnumerator<PredictionRow> rows) : IAsyncDisposable
    {
        public PredictionRow? Row { get; private set; }

        public async ValueTask NextAsync()
        {
            var last = Row?.Record ?? -1;
            Row = await rows.MoveNextAsync().ConfigureAwait(false) ? rows.Current : null;
            if (Row is not null && Row.Record <= last)
            {
                throw new ProblemException("rows-unordered", $"The predictions are not in the order of the dataset: record {Row.Record} comes after record {last}.");
            }
        }

        public ValueTask DisposeAsync() => rows.DisposeAsync();
    }
}
