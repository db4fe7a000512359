using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AiAssignments.Optimization.Distillation.Teachers;

/// <summary>
/// A teacher's answers by entry, in the student's order of labels: in memory while they are few, else read from their files row by row (the system keeps the
/// pages that it has room for). Thread-safe.
/// </summary>
internal sealed class TeacherLogits : IDisposable
{
    private readonly int[] rows;
    private readonly long[] starts;
    private readonly int chunkEntries;
    private readonly int[] fromTeacher;
    private readonly SafeFileHandle[] files;
    private readonly float[]? memory;
    private readonly long[] chunkStarts;

    /// <summary>Opens the chunks.</summary>
    /// <param name="paths">The chunks in order.</param>
    /// <param name="rows">Rows of every entry.</param>
    /// <param name="chunkEntries">Entries of every chunk but the last.</param>
    /// <param name="fromTeacher">The teacher's index of each of the student's labels.</param>
    /// <param name="mostInMemory">Most logits that are kept in memory.</param>
    public TeacherLogits(IReadOnlyList<string> paths, int[] rows, int chunkEntries, int[] fromTeacher, long mostInMemory)
    {
        (this.rows, this.chunkEntries, this.fromTeacher) = (rows, chunkEntries, fromTeacher);
        starts = new long[rows.Length];
        chunkStarts = new long[paths.Count];
        var labels = fromTeacher.Length;
        long sum = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i % chunkEntries == 0)
            {
                chunkStarts[i / chunkEntries] = sum;
            }

            starts[i] = sum;
            sum += (long)rows[i] * labels;
        }

        files = [.. paths.Select(path => File.OpenHandle(path))];
        if (sum > mostInMemory)
        {
            return;
        }

        memory = new float[sum];
        for (var chunk = 0; chunk < files.Length; chunk++)
        {
            var end = chunk + 1 < files.Length ? chunkStarts[chunk + 1] : sum;
            ReadFully(chunk, chunkStarts[chunk], memory.AsSpan((int)chunkStarts[chunk]..(int)end));
        }
    }

    /// <summary>Labels of a row.</summary>
    public int Labels => fromTeacher.Length;

    /// <summary>Whether all are in memory.</summary>
    public bool IsInMemory => memory is not null;

    /// <summary>Rows of an entry; 0 where the teacher gave no answer.</summary>
    public int RowsOf(int entry) => rows[entry];

    /// <summary>Copies a row in the student's order.</summary>
    public void Read(int entry, int row, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)rows[entry], nameof(row));
        var labels = fromTeacher.Length;
        var start = starts[entry] + ((long)row * labels);
        if (memory is not null)
        {
            Reorder(memory.AsSpan((int)start, labels), logits);
            return;
        }

        Span<float> read = labels <= 256 ? stackalloc float[labels] : new float[labels];
        ReadFully(entry / chunkEntries, start, read);
        Reorder(read, logits);
    }

    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private void Reorder(ReadOnlySpan<float> teacher, Span<float> student)
    {
        for (var i = 0; i < fromTeacher.Length; i++)
        {
            student[i] = teacher[fromTeacher[i]];
        }
    }

    private void ReadFully(int chunk, long start, Span<float> target)
    {
        var entries = Math.Min(chunkEntries, rows.Length - (chunk * chunkEntries));
        var offset = LogitChunk.LogitsStart(entries) + ((start - chunkStarts[chunk]) * sizeof(float));
        var bytes = MemoryMarshal.AsBytes(target);
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(files[chunk], bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("A file of teacher's answers became shorter while it was read.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
