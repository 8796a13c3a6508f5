public static class Nets
{
    public static TorchSharp.Modules.Sequential Create(bool normalize)
    {
        var net = nn.Sequential(nn.Linear(64, 32, hasBias: false));
        net.append("norm", nn.BatchNorm1d(32));
        if (normalize)
        {
            net.append(nn.LayerNorm(32));
        }

        net = net.append(nn.GELU());
        return net.append("out", nn.Linear(32, 2));
    }
}
