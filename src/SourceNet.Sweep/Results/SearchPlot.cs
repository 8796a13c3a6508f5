using System.Globalization;
using System.Text.Json;
using Charts;
using ScottPlot;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Search;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Results;

/// <summary>A search as a picture: what trials came to one after the other, with the best so far, and by each parameter.</summary>
internal static class SearchPlot
{
    private const int Columns = 2;
    private const int DecadesWithTicks = 12;

    private static readonly Color s_done = Chart.Palette[0];
    private static readonly Color s_best = Chart.Palette[1];
    private static readonly Color s_stopped = Colors.Gray;

    /// <param name="sweep">The sweep.</param>
    /// <param name="search">What it searches.</param>
    /// <param name="outcomes">Its trials, in their order.</param>
    /// <param name="metric">What is shown.</param>
    public static byte[] Png(SweepFile sweep, SearchPlan search, IReadOnlyList<TrialOutcome> outcomes, string metric)
    {
        var space = new SearchSpace(search.Space);
        var shown = outcomes.Where(outcome => outcome.Metrics?.TryGetValue(metric, out var value) == true && double.IsFinite(value)).ToList();
        var picture = new Multiplot();
        picture.AddPlots(1 + space.Ranges.Count);
        var rows = (int)Math.Ceiling((1 + space.Ranges.Count) / (double)Columns);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, Columns);
        var numbers = outcomes.Select((outcome, index) => (outcome.Trial.Key, Number: index + 1.0)).ToDictionary(one => one.Key, one => one.Number);
        var first = picture.GetPlot(0);
        Draw(first, $"{sweep.Name}: {search.Method}", "trial", metric, shown, trial => numbers[trial.Trial.Key]);
        first.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        DrawBest(first, sweep, shown, metric, trial => numbers[trial.Trial.Key], outcomes.Count);
        first.ShowLegend(sweep.Maximize is null ? Alignment.UpperRight : Alignment.LowerRight);
        foreach (var (index, (name, range)) in space.Ranges.Index())
        {
            DrawParameter(picture.GetPlot(index + 1), name, range, metric, shown);
        }

        return picture.Render(600 * Columns, 340 * rows).GetImageBytes(ImageFormat.Png);
    }

    private static void Draw(Plot plot, string title, string axis, string metric, IReadOnlyList<TrialOutcome> trials, Func<TrialOutcome, double> place)
    {
        Chart.Prepare(plot);
        foreach (var (stops, color, name) in new[] { (false, s_done, "done"), (true, s_stopped, "stopped") })
        {
            var own = trials.Where(trial => trial.Stopped is not null == stops).ToList();
            if (own.Count == 0)
            {
                continue;
            }

            var points = plot.Add.ScatterPoints(own.Select(place).ToArray(), own.Select(trial => trial.Metrics![metric]).ToArray(), color);
            points.MarkerSize = 8;
            points.MarkerShape = stops ? MarkerShape.OpenCircle : MarkerShape.FilledCircle;
            points.LegendText = name;
        }

        plot.Title(title);
        plot.XLabel(axis);
        plot.YLabel(metric);
        plot.Axes.AutoScale();
        plot.HideLegend();
    }

    private static void DrawBest(Plot plot, SweepFile sweep, IReadOnlyList<TrialOutcome> trials, string metric, Func<TrialOutcome, double> place, int end)
    {
        var (places, values) = (new List<double>(), new List<double>());
        foreach (var trial in trials.Where(trial => trial.Stopped is null))
        {
            var value = trial.Metrics![metric];
            if (values.Count == 0 || (sweep.Maximize is null ? value < values[^1] : value > values[^1]))
            {
                places.Add(place(trial));
                values.Add(value);
            }
        }

        if (sweep.Objective != metric || values.Count == 0)
        {
            return;
        }

        places.Add(end);
        values.Add(values[^1]);
        var line = plot.Add.Scatter(places, values, s_best);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 2;
        line.MarkerSize = 0;
        line.LegendText = "best so far";
    }

    private static void DrawParameter(Plot plot, string name, SearchRange range, string metric, IReadOnlyList<TrialOutcome> trials)
    {
        Func<JsonElement, double> place = range switch
        {
            ChoiceRange choice => choice.Place,
            LogUniformRange => value => Math.Log10(value.GetDouble()),
            _ => value => value.GetDouble(),
        };
        Draw(plot, "", name, metric, trials, trial => place(trial.Trial.Parameters[name]));
        if (range is ChoiceRange { Values: var values })
        {
            plot.Axes.Bottom.SetTicks([.. values.Select((_, index) => (double)index)], [.. values.Select(PlannedTrial.Short)]);
            plot.Axes.SetLimitsX(-0.5, values.Count - 0.5);
        }
        else if (range is LogUniformRange log)
        {
            var (low, high) = ((int)Math.Ceiling(Math.Log10(log.From) - 1e-9), (int)Math.Floor(Math.Log10(log.To) + 1e-9));
            int[] decades = [.. Enumerable.Range(low, Math.Max(0, high - low + 1))];
            if (decades.Length is > 0 and <= DecadesWithTicks)
            {
                plot.Axes.Bottom.SetTicks([.. decades.Select(decade => (double)decade)], [.. decades.Select(decade => Math.Pow(10, decade)
                    .ToString("0.#####e0", CultureInfo.InvariantCulture))]);
            }
            else
            {
                plot.XLabel($"log10 of {name}");
            }

            plot.Axes.SetLimitsX(Math.Log10(log.From), Math.Log10(log.To));
        }
    }
}
