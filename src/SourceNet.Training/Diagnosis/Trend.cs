namespace SourceNet.Training;

/// <summary>A straight line through numbers that follow one another.</summary>
internal static class Trend
{
    /// <summary>The slope of the least-squares line, per step; not-a-number for fewer than two numbers.</summary>
    internal static double Slope(IReadOnlyList<double> values)
    {
        var (center, mean) = ((values.Count - 1) / 2.0, values.Average());
        var (products, squares) = (0.0, 0.0);
        for (var step = 0; step < values.Count; step++)
        {
            products += (step - center) * (values[step] - mean);
            squares += (step - center) * (step - center);
        }

        return products / squares;
    }
}
