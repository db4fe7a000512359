using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiAssignments.Terminal;

/// <summary>A picture of running work that is drawn anew four times a second where there is a terminal, and is gone when the work ends. Where there is none, the work only runs.</summary>
/// <param name="console">Where to.</param>
/// <param name="quiet">Whether nothing is to be shown.</param>
internal sealed class LivePicture(IAnsiConsole console, bool quiet)
{
    private const int BarWidth = 32;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether anything is drawn; else lines tell how it goes.</summary>
    public bool IsShown => !quiet && console.Profile.Out.IsTerminal;

    /// <summary>A bar with its rest.</summary>
    /// <param name="share">How full, 0 to 1.</param>
    public static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return $"{new string('━', full)}{new string('─', BarWidth - full)}";
    }

    /// <summary>Rows of a name and what it is, one below the other.</summary>
    /// <param name="rows">The rows.</param>
    public static Grid Rows(IEnumerable<(string Name, string Value)> rows)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
        foreach (var (name, value) in rows)
        {
            grid.AddRow((IRenderable)new Text(name, new Style(Color.Grey)), new Text(value));
        }

        return grid;
    }

    /// <summary>A line for a person who has no terminal, or who looks on; nothing where nothing is to be shown.</summary>
    /// <param name="text">The line.</param>
    public void Say(string text)
    {
        if (!quiet)
        {
            console.Profile.Out.Writer.WriteLine(text);
        }
    }

    /// <summary>Runs the work and shows how it goes, until it ends.</summary>
    /// <param name="work">The work; its failure comes out of this call.</param>
    /// <param name="draw">How it goes now.</param>
    public async Task RunAsync(Func<Task> work, Func<IEnumerable<(string Name, string Value)>> draw)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsShown)
        {
            await work().ConfigureAwait(false);
            return;
        }

        var running = Task.Run(work);
        await console.Live(Rows(draw())).AutoClear(true).StartAsync(async context =>
        {
            while (!running.IsCompleted)
            {
                context.UpdateTarget(Rows(draw()));
                context.Refresh();
                await Task.WhenAny(running, Task.Delay(Period)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }
}
