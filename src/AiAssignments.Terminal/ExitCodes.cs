namespace AiAssignments.Terminal;

/// <summary>What the process's exit code says. Documented in the README.</summary>
public static class ExitCodes
{
    /// <summary>The work was done.</summary>
    public const int Done = 0;

    /// <summary>An input was refused, or the work failed for a reason that the message names.</summary>
    public const int Refused = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    /// <summary>The data folder is in use by another process, or its disk is full or locked: the same command can succeed later.</summary>
    public const int Busy = 3;

    /// <summary>A comparison with an earlier performance table found a regression beyond noise.</summary>
    public const int Regression = 4;

    /// <summary>A defect of this program.</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl+C.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code of a problem: <see cref="Busy"/> when the same command can succeed later, else <see cref="Refused"/>.</summary>
    /// <param name="problemCode">The problem's stable code.</param>
    public static int Of(string problemCode) => problemCode is "data-folder-in-use" or "storage-in-use" or "storage-full" or "storage-locked" or "storage-busy" ? Busy : Refused;
}
