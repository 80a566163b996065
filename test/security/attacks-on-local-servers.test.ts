import { defend } from './attack.ts';
import { localServers } from './doors/local-servers.ts';

defend(localServers);
