using System.Runtime.InteropServices;

namespace AiAssignments.LoadTesting.Running;

/// <summary>
/// Sleeps for less than the millisecond that <see cref="Thread.Sleep(int)"/> can do at least, where the system offers it (Linux); a rate of 20,000 requests a second
/// would otherwise leave in packs of twenty. Nothing spins: a core that the server may need is not burnt for waiting.
/// </summary>
internal static partial class FineSleep
{
    private const int SetTimerSlack = 29;
    private const long Shortest = 50 * TimeSpan.TicksPerMicrosecond;
    private const long Longest = 20 * TimeSpan.TicksPerMillisecond;
    private static readonly bool Fine = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Prepares the calling thread: its timers are not rounded to the usual 50 µs.</summary>
    public static void Prepare()
    {
        if (Fine)
        {
            _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);
        }
    }

    /// <summary>Sleeps about as long, 20 ms at most and 50 µs at least.</summary>
    /// <param name="ticks">Of 100 ns.</param>
    public static void Sleep(long ticks)
    {
        ticks = Math.Clamp(ticks, Shortest, Longest);
        if (!Fine)
        {
            Thread.Sleep((int)Math.Max(1, ticks / TimeSpan.TicksPerMillisecond));
            return;
        }

        var time = new Timespec { Nanoseconds = ticks * 100 };
        _ = NanoSleep(in time, IntPtr.Zero);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in Timespec time, IntPtr remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
