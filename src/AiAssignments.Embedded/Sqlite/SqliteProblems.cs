using AiAssignments.Core.Errors;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Sqlite;

/// <summary>What SQLite's result codes (sqlite.org/rescode.html) mean to the one who runs the program.</summary>
internal static class SqliteProblems
{
    public static ProblemException ToProblem(this SqliteException exception, string file) =>
        new(Describe(exception, file), exception);

    private static Problem Describe(SqliteException exception, string file) => exception.SqliteErrorCode switch
    {
        5 or 6 => new("storage-locked", "The database is locked by another program; close what has it open and try again.", file),
        8 => new("storage-readonly", "The database cannot be written to; check the permissions of the file and its folder.", file),
        11 or 26 => new("storage-corrupt", "The file is not a readable SQLite database; move it away or restore a copy.", file),
        13 => new("storage-full", "The disk is full: nothing was changed. Free some space and try again.", file),
        14 => new("storage-unavailable", "The database cannot be opened; check that its folder exists and may be read.", file),
        10 => new("storage-io", "The system reported an input/output error on the database; check the disk.", file),
        _ => new("storage-failed", $"SQLite reported error {exception.SqliteErrorCode}: {exception.Message}", file),
    };
}
